"""Where static files live once collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class AssetStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash inside JavaScript modules too, so that a new release never mixes with cached old modules."""

    support_js_module_import_aggregation = True

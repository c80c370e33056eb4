"""The web server's way in."""

import gc
import os

import kombu.transport.redis
from django.core.wsgi import get_wsgi_application

import integration_hub.celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_hub.settings")
# Imported here so that the first person who asks for background work does not wait a second for them.
PRELOADED = (kombu.transport.redis, integration_hub.celery)
application = get_wsgi_application()
# What is loaded by now stays: the collector need not look through it each time that a page makes many rows.
gc.collect()
gc.freeze()

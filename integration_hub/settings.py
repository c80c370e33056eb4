"""All settings. Every difference between machines comes from the environment (docs/operations.md has the table)."""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from integration_hub import env
from integration_hub.core.states import AmountState, FigureState

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("HUB_DATA_DIR", str(BASE_DIR / "var"))).resolve()

HOST = env.text("HOST", "127.0.0.1")
LOOPBACK = HOST in {"127.0.0.1", "localhost", "::1"}
# The runner sets HUB_EMBEDDED when the database is its own, which DATABASE_URL alone would not tell.
EMBEDDED = env.flag("HUB_EMBEDDED", default="DATABASE_URL" not in os.environ)
DEMO = env.flag("DEMO", default=EMBEDDED and LOOPBACK)
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "integration-hub-demo")
if DEMO and not (EMBEDDED and LOOPBACK) and "DEMO_PASSWORD" not in os.environ:
    raise ImproperlyConfigured("DEMO=1 on a real database or address needs a DEMO_PASSWORD of its own.")

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY") if not EMBEDDED else env.text("SECRET_KEY", "embedded-only-" + "x" * 40)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "")  # earlier keys, for what they sealed and signed
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if LOOPBACK else HOST)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
HTTPS = env.flag("HTTPS", default=not LOOPBACK)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "guardian",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "csp",
    "integration_hub.core",
    "partners",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "governance",
    "pooled_budgets",
    "bcf_metrics",
    "programme",
    "reports",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "integration_hub.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "integration_hub.core.middleware.NotStoredMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "integration_hub.core.middleware.LoginRequiredMiddleware",
    "partners.middleware.ActivityMiddleware",
    "partners.middleware.SecondFactorMiddleware",
    "partners.middleware.ActingForMiddleware",
    "partners.viewing_middleware.ViewAsMiddleware",
    "integration_hub.core.middleware.HistoryMiddleware",
    "integration_hub.core.middleware.UnknownMethodMiddleware",
]

ROOT_URLCONF = "integration_hub.urls"
WSGI_APPLICATION = "integration_hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "integration_hub.core.context.hub",
            ],
            "builtins": ["integration_hub.core.templatetags.components"],
        },
    }
]
FORM_RENDERER = "integration_hub.core.formrendering.HubFormRenderer"

# A process that holds DATABASE_OWNER_URL migrates (or tests) and connects as the owner; web and worker never hold it.
_database_url = env.text("DATABASE_OWNER_URL", env.text("DATABASE_URL", "postgres:///hub"))
DATABASES = {
    "default": dj_database_url.parse(_database_url, conn_max_age=600, conn_health_checks=True)
    | {
        "ATOMIC_REQUESTS": False,
        # What is planned ahead are the queries of core.prepared, each looked at with a plan for any values (ADR 0016).
        "OPTIONS": {"options": "-c plan_cache_mode=force_generic_plan"},
        "TEST": {"NAME": None},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The application's role may add rows here and read them, never change or remove them; triggers refuse it for everybody.
APPEND_ONLY_TABLES = [
    "core_auditevent",
    "pghistory_context",
    "partners_successionconsent",
    "partners_successionmove",
    "partners_organisationending",
    "partners_inheritance",
    "pooled_budgets_contributionchange",
    "pooled_budgets_schemestart",
    "pooled_budgets_receipt",
    "pooled_budgets_receiptreversal",
    "pooled_budgets_closedmonth",
    "pooled_budgets_transaction",
    "pooled_budgets_varianceexplanation",
    "pooled_budgets_virementside",
    "pooled_budgets_recurrentanswer",
    "pooled_budgets_settlement",
    "pooled_budgets_settlementapproval",
    "pooled_budgets_openingbalance",
    "pooled_budgets_accountstatement",
    "pooled_budgets_agreementversion",
    "pooled_budgets_agreementsignature",
    "pooled_budgets_agreementact",
    "pooled_budgets_agreementattachment",
    "bcf_metrics_returnversion",
    "bcf_metrics_signature",
    "bcf_metrics_returnevent",
    "bcf_metrics_submission",
    "bcf_metrics_ratification",
    "bcf_metrics_acceptance",
    "bcf_metrics_restatement",
    "bcf_metrics_policyversion",
    "bcf_metrics_layoutversion",
    "bcf_metrics_officialfile",
    "bcf_metrics_cellmap",
    "bcf_metrics_officialfilling",
    "reports_reportdocument",
]

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "integration_hub.core.cache.FallbackCache",
        # A database of its own: clearing the cache must not empty the queue.
        "LOCATION": env.redis_database(REDIS_URL, 1),
    }
}
SESSION_ENGINE = "partners.sessions"  # in PostgreSQL: sessions outlive a restart of the broker
# A session ends so long after the last thing that its person did, and so long after sign-in whatever they do.
SESSION_IDLE = timedelta(minutes=env.number("SESSION_IDLE_MINUTES", 30))
SESSION_AT_MOST = timedelta(hours=env.number("SESSION_HOURS", 12))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "hub_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "integration_hub.core.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by machines beside the web process
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
# Whose address counts, for rate limits and in the list of sessions: the one that the proxy saw.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY", default=False) else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a grid of 150 lines by 12 months, with the value seen beside each cell
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = [
    "partners.backends.EmailBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"], "max_similarity": 0.6},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
IDLE_ACCOUNT_DAYS = env.number("IDLE_ACCOUNT_DAYS", 90)  # without a sign-in, until an account is closed
# Without it the common passwords that Django carries are refused, and no password's hash leaves the installation.
BREACHED_PASSWORDS_URL = env.text("BREACHED_PASSWORDS_URL", "")
PWNED_PASSWORDS = {"API_TIMEOUT": 1.0, "ADD_PADDING": True}
if BREACHED_PASSWORDS_URL:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "partners.validators.BreachedPasswordValidator"})
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "partners.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by invitation, which proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Wide for an address, behind which a whole council may sit; narrow for an account (partners.services.lockout).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/15m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "partners.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Integration Hub"
# Seen without signing in; everything else needs an account (names of addresses; the API answers 401 by itself).
PUBLIC_URL_NAMES = frozenset(
    {
        "healthz",
        "readyz",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "partners:invitation",
        "single_sign_on_start",
        "single_sign_on_back",
        "core:accessibility",
        "core:privacy",
        "core:retention",
        "core:licences",
    }
)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "integration_hub" / "static"]
ASSETS_DIR = BASE_DIR / "var" / "assets"  # what `npm run build` makes
if ASSETS_DIR.exists():
    STATICFILES_DIRS.append(ASSETS_DIR)
REPORT_FONT_DIRS = [BASE_DIR / "var" / "fonts"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "integration_hub.core.storage.AssetStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"

EMAIL_URL = env.text("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(dj_email_url.parse(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "files" / "mail")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "integration-hub@localhost")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partners.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["integration_hub.core.api_parsers.JsonParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["integration_hub.core.api.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "integration_hub.core.api.Pagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "integration_hub.core.api.problem_details",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Integration Hub",
    "DESCRIPTION": "Health and care integration: partners, boards, pooled budgets, Better Care Fund returns, reports.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "FigureStateEnum": [state.value for state in FigureState],
        "AmountStateEnum": [state.value for state in AmountState],
        "UploadStatusEnum": ["refused", "staged", "confirmed", "undone", "discarded"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "integration_hub.core.api_description.document_refusals",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "integration_hub.core.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("django.server", "pgtrigger", "celery.beat", "celery.worker.strategy", "celery.app.trace")
    },
}
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # the anonymous user is off on purpose

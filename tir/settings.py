"""Settings, all from the environment: a laptop and production run the same code and differ by these alone.

`.env.example` lists every variable; `docs/operations.md` explains them. Nothing is started from here.
"""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv

from tir import fonts, keys
from tir.audit import structured

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv()  # NAME_FILE names a file that holds NAME: Docker's secrets, systemd's credentials


def required_variable(name: str) -> str:
    """Return a variable that has no safe default, or say in one sentence that it is missing."""
    value: str = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: see .env.example, or run through script/manage.")
    return value


# --- Who we are and where from -------------------------------------------------------------------------------
SECRET_KEY = required_variable("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
# What is asked of a database at its first migration: real, training or demo (SANDBOX=1 is the older word for demo).
# Afterwards the database itself says what it is, and another word here is refused: see `tir.kernel.sandbox`.
SANDBOX = env.bool("SANDBOX", default=False)
INSTALLATION = env.str("INSTALLATION", default="") or ("demo" if SANDBOX else "")
if INSTALLATION not in ("", "real", "training", "demo") or (SANDBOX and INSTALLATION != "demo"):
    raise ImproperlyConfigured("INSTALLATION is real, training or demo, and SANDBOX=1 goes with demo alone.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "tir.urls"
WSGI_APPLICATION = "tir.wsgi.application"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000  # bytes: the largest that any address takes; see `api.bodies`
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "tir.kernel",
    "tir.log",
    "tir.audit",
    "tir.accounts",
    "tir.approvals",
    "tir.registers",
    "tir.signin",
    "guarantees",
    "carnets",
    "checkpoints",
    "api",
    "api.consoles",
    "rest_framework",
    "knox",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "axes",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

# Each of these is on the way of every stamp: one more must earn its place in `script/bench`.
MIDDLEWARE = [
    "api.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "api.headers.Headers",
    "api.static_files.Files",
    "api.bodies.Bodies",
    "api.token_calls.Sessions",
    "api.languages.Languages",
    "api.slash_middleware.Addresses",
    "django.middleware.csrf.CsrfViewMiddleware",
    "api.token_calls.BrowserUsers",
    "api.token_calls.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- PostgreSQL ----------------------------------------------------------------------------------------------
DATABASE_IS_POOLED = env.bool("DATABASE_IS_POOLED", default=False)
DATABASES = {
    "default": {
        **env.db_url_config(required_variable("DATABASE_URL"), engine="django.db.backends.postgresql"),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        # No SELECT 1 before every stamp: a server that went away shows at the next statement, and the caller gets
        # a 503 that says to send again, which is safe because stamps are recorded once.
        "CONN_HEALTH_CHECKS": False,
        # PgBouncer in transaction mode cannot keep a cursor between two statements.
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_IS_POOLED,
    }
}
if not DATABASE_IS_POOLED:
    # What is prepared looks rows up by key: one plan is right for one carnet and for five hundred.
    OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
    OPTIONS["options"] = f"{OPTIONS.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()

# --- People, passwords, tokens -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "tir.signin.hashing.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "tir.signin.passwords.NotEndless"},
    {"NAME": "tir.signin.passwords.NotCommon"},
    {"NAME": "tir.signin.passwords.NotOurs"},
]
# Beside the limit of axes for one name from one address: wrong ones of any names within a quarter of an hour, from one
# address and from all together. See `tir.signin.attempts`.
SIGN_IN_FAILURES_PER_ADDRESS = env.int("SIGN_IN_FAILURES_PER_ADDRESS", default=50)
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=2_000)
SIGN_IN_WAIT_SECONDS = env.float("SIGN_IN_WAIT_SECONDS", default=1.0)  # for another's password; then 503
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # audit events tell of each sign-in; rows of this one nobody would delete
AXES_VERBOSE = False  # and its lines mask who and where from: `api.requests` writes its own, and audit events
AXES_LOCKOUT_CALLABLE = "api.consoles.signing_in.locked_out"
LOGIN_URL = "console-sign-in"
CSRF_FAILURE_VIEW = "api.consoles.faults.form_expired_page"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a shift
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_ENGINE = "tir.signin.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
REST_KNOX = {
    "TOKEN_TTL": timedelta(hours=env.int("TOKEN_TTL_HOURS", default=168)),
    "AUTO_REFRESH": False,  # a refresh is a write on every request
}
TOKENS_PER_USER = env.int(
    "TOKENS_PER_USER", default=50
)  # over it the oldest ends, so that nobody locks themselves out
TOKEN_IDLE_DAYS = env.int("TOKEN_IDLE_DAYS", default=3)  # unused so long, a token opens nothing
DEVICE_TOKEN_TTL_DAYS = env.int("DEVICE_TOKEN_TTL_DAYS", default=90)
DEVICE_IDLE_DAYS = env.int("DEVICE_IDLE_DAYS", default=30)
DEVICES_PER_PERSON = env.int("DEVICES_PER_PERSON", default=10)
DEVICES_PER_OFFICE = env.int("DEVICES_PER_OFFICE", default=200)
LINK_HOURS = env.int("LINK_HOURS", default=24)  # a one-time link for a new password
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  (named, because tables of ours point at both)
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "tir.signin.oauth.ByAccount",
    "SCOPES_BACKEND_CLASS": "tir.signin.oauth.Roles",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 10 * 60,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # RFC 9700 says what the library would still allow; of an access token the digest alone is kept.
    **{
        f"COMPLIANT_BCP_RFC9700_{what}": True
        for what in (
            "TOKEN_STORAGE",
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "PKCE_REQUIRED",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
            "REDIRECT_URI_MATCHING",
        )
    },
}

# --- Languages and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- The API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "api.authentication.BearerAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.ByRole"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.problem_response",
    "URL_FORMAT_OVERRIDE": None,  # a format is asked for by Accept alone
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "TIR transit",
    "DESCRIPTION": "Guarantees, carnets, stamps at the border, and their reconciliation.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",  # pydantic speaks 3.1: a field that may be null
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "RecordUpdate": ["N", "C"],
        "RoleName": [
            *("officer", "association", "customs_hq", "secretariat"),
            *("auditor", "system", "administrator", "manager"),
        ],
        "GuaranteeAnswer": ["good", "not_good"],
        "ProofFileType": ["application/pdf", "image/jpeg", "image/png"],
        "RequestAnswer": ["confirmed", "corrected", "not_found"],
    },
    # Posts sit on closed networks: the documentation page is served whole from here.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Work in the background ----------------------------------------------------------------------------------
# Work to be done stands in PostgreSQL; a message is only a wake-up, so a lost one costs a minute, not a fact.
CELERY_BROKER_URL = required_variable("CELERY_BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 28 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "reconcile what changed or came due": {"task": "carnets.reconcile_due", "schedule": timedelta(minutes=1)},
    "add new liability to the totals": {
        "task": "guarantees.fold_liability",
        "schedule": timedelta(seconds=10),
    },
    "bring guarantees to the ceilings in force": {
        "task": "guarantees.follow_ceilings",
        "schedule": timedelta(hours=1),
    },
    "bring roles up to the day": {"task": "accounts.follow_assignments", "schedule": timedelta(hours=1)},
    "tell how many refusals were only counted": {
        "task": "audit.tell_of_floods",
        "schedule": timedelta(minutes=1),
    },
    "send the digest of deadlines": {"task": "carnets.send_digest", "schedule": timedelta(hours=1)},
    "mail links for forgotten passwords": {"task": "signin.mail_links", "schedule": timedelta(minutes=1)},
    "delete what nobody can sign in with": {"task": "signin.clean", "schedule": timedelta(days=1)},
    "remind customs of open requests": {"task": "carnets.remind_customs", "schedule": timedelta(hours=1)},
    "make the daily SafeTIR files": {
        "task": "checkpoints.make_safetir_files",
        "schedule": timedelta(hours=1),
    },
}
if CELERY_BROKER_URL.startswith("redis"):
    # A task whose worker was killed comes back within these seconds of its visibility timeout, which must
    # exceed the longest task: see CELERY_TASK_TIME_LIMIT.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 30 * 60,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }

# --- Files and pages -----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / env.str("STATIC_ROOT", default=".local/static")
# What `script/assets` brought from npm and built; in the image, its own stage did.
STATICFILES_DIRS = [BASE_DIR / env.str("TIR_ASSETS", default=".local/assets")]
# The officer's phone, as `script/assets` built it: see `api.static_files`.
TIR_SCANNER = BASE_DIR / env.str("TIR_SCANNER", default=".local/scanner")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- Printing and signing ------------------------------------------------------------------------------------
TIR_FONTS = fonts.find(BASE_DIR / env.str("TIR_FONTS", default=".local/fonts"))
TIR_SIGNING_KEYS = keys.read_signing_keys(required_variable("TIR_SIGNING_KEYS"), BASE_DIR)
TIR_SIGNING_KEYS_MADE_FOR = keys.made_for(required_variable("TIR_SIGNING_KEYS"), BASE_DIR)

# --- The log of what is on record ----------------------------------------------------------------------------
# Who signs checkpoints, what the log is called, and where the latest is kept outside the database: for `log run` alone.
TIR_LOG_KEY = BASE_DIR / env.str("TIR_LOG_KEY", default=".local/log-key.pem")
TIR_LOG_ORIGIN = env.str("TIR_LOG_ORIGIN", default="")
TIR_LOG_HEADS = BASE_DIR / env.str("TIR_LOG_HEADS", default=".local/log")
# As a witness of other nodes' logs: the key that signs what we saw of them, and our name. Without a key we are none.
TIR_WITNESS_KEY = env.str("TIR_WITNESS_KEY", default="") and BASE_DIR / env.str("TIR_WITNESS_KEY")
TIR_WITNESS_NAME = env.str("TIR_WITNESS_NAME", default="")
if TIR_WITNESS_KEY and not TIR_WITNESS_NAME:
    raise ImproperlyConfigured("TIR_WITNESS_NAME is not set: a witness signs under a name.")
TIR_ISSUE_NEEDS_LOG = env.bool("TIR_ISSUE_NEEDS_LOG", default=False)

# --- Risk ----------------------------------------------------------------------------------------------------
# What draws lorries by lot: who knows it can foretell the draws, and who kept it can explain them.
TIR_DRAW_SECRET = env.str("TIR_DRAW_SECRET", default="").strip() or SECRET_KEY

# --- Behind a proxy ------------------------------------------------------------------------------------------
BEHIND_TLS = env.bool("BEHIND_TLS", default=not DEBUG)
if BEHIND_TLS:  # a browser takes a cookie of such a name from this host alone, over TLS
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if BEHIND_TLS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# `check --deploy` asks for these too. The proxy redirects to TLS (W008); whether a whole domain is served by TLS alone
# (W005) and may be preloaded by browsers (W021) is for its owner to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

# --- Being watched -------------------------------------------------------------------------------------------
# Who brings this as a bearer reads /metrics; without one there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where a server's processes count; `tir.gunicorn` makes one for each start. Blank: one process, for itself.
METRICS_DIRECTORY = env.str("METRICS_DIRECTORY", default="")

# --- Mail and logs -------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
LINKS_BY_MAIL = bool(env.str("EMAIL_URL", default=""))  # else managers hand out links for forgotten passwords
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="tir@localhost")

structured.configure()
LOGGING = structured.logging_to_stderr(
    form=env.str("LOG_FORMAT", default="json"), level=env.str("LOG_LEVEL", default="INFO")
)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

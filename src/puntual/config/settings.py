"""Django's settings. Everything secret or local comes from the environment or from the data folder."""

import os

from puntual import database
from puntual.config.assets import PACKAGE, is_ours, version_of
from puntual.config.secret import secret_key

SECRET_KEY = secret_key()
DEBUG = os.environ.get("PUNTUAL_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("PUNTUAL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PUBLIC_URL = os.environ.get("PUNTUAL_URL", "http://127.0.0.1:8000")
SECURE = PUBLIC_URL.startswith("https://")

# Two roles on one database: the web, the workers and the commands never own a table; only migrations do.
DATABASES = {"default": database.address().django("app"), "owner": database.address().django("owner")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "tenancy",
    "audit",
    "organizations",
    "conduct",
    "parties",
    "receivables",
    "payments",
    "agreements",
    "disputes",
    "placements",
    "intake",
    "strategies",
    "outreach",
    "analytics",
    "daily",
    "desk",
    "portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"puntual.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "puntual.config.middleware.AnotherVersionsFiles",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads by chance, and the form's token changes with each page: BREACH learns nothing
    "puntual.config.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "puntual.desk.middleware.ReaderLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "puntual.desk.middleware.PageAbove",
    "puntual.desk.middleware.OrganizationScope",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "puntual.config.urls"
WSGI_APPLICATION = "puntual.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "desk/templates"],  # before the applications: the account pages are ours
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "puntual.desk.context.frame",
            ]
        },
    }
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/" if DEBUG else f"/static/{version_of(PACKAGE.glob('*/static'))}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = is_ours if not DEBUG else r"^$"

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English"), ("pt", "Português")]
LOCALE_PATHS = sorted(PACKAGE.glob("*/locale"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "puntual.desk.accounts.AccountAdapter"
# Axes alone counts wrong passwords of an account, in the database, across processes; allauth only slows down an address.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "puntual.desk.accounts.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an owner made the account; no mail was sent to prove it
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "puntual.desk.accounts.username"
AXES_LOCKOUT_CALLABLE = "puntual.desk.accounts.locked_out"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "puntual.desk.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if SECURE else []

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "puntual_cache"}}

# Messages leave through the outbox alone, by the channels that are named here; without an address nothing can leave.
SMTP_URL = os.environ.get("PUNTUAL_SMTP_URL", "")
ANYMAIL_URL = os.environ.get("PUNTUAL_ANYMAIL_URL", "")  # e-mail by a service's API; then SMTP_URL is not used
SMS_URL = os.environ.get("PUNTUAL_SMS_URL", "")
WHATSAPP_URL = os.environ.get("PUNTUAL_WHATSAPP_URL", "")
LIMITS = os.environ.get("PUNTUAL_LIMITS", "")  # how fast they may leave by each: email=14/s,50000/d sms=1/s
PAYMENT_LINKS = os.environ.get("PUNTUAL_PAYMENT_LINKS", "")  # accounts with Stripe and Mercado Pago, off without
IMAP_URL = os.environ.get("PUNTUAL_IMAP_URL", "")  # the mailbox that answers come to
ANSWERS_TO = os.environ.get("PUNTUAL_ANSWERS_TO", "")  # its address, where it takes address+anything too
UPLOADS = database.home() / "uploads"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"keys": {"()": "puntual.config.logs.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["keys"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("PUNTUAL_LOG", "WARNING")},
}

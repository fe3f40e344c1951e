"""One settings file, driven by environment variables. Each variable is described in ARCHITECTURE.md."""

import tomllib
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gis_app import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
DATA_DIR = BASE_DIR / "data"
SITE = tomllib.loads((DATA_DIR / "site.toml").read_text(encoding="utf-8"))

DEBUG = environment.flag("DEBUG", False)
SECRET_KEY = environment.secret("SECRET_KEY", needed=not DEBUG) or "debug-only-" + "x" * 50
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

if GDAL := environment.native_library("GDAL_LIBRARY_PATH", "libgdal", wheel="pyogrio"):
    GDAL_LIBRARY_PATH = GDAL
if GEOS := environment.native_library("GEOS_LIBRARY_PATH", "libgeos_c"):
    GEOS_LIBRARY_PATH = GEOS

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_vite",
    "layers",
]
MIDDLEWARE = [
    "layers.ogc.tiles.tiles_first",  # a tile needs none of the rest: 0.35 ms less for each
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages; static files are compressed when built, tiles by tiles_first
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "layers.pages.private.private_pages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "gis_app.urls"
WSGI_APPLICATION = "gis_app.wsgi.application"
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
                "layers.pages.site.context",
            ],
        },
    }
]

TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
DATABASES = {
    "default": environment.database("DATABASE_URL", statement_timeout_ms=environment.integer("STATEMENT_TIMEOUT_MS", 0))
    | {"TIME_ZONE": TIME_ZONE}  # so that `::date` in SQL is the day people here lived
}
WEB_ROLE = environment.database_user("WEB_DATABASE_URL")  # the server's own role in the database; "": it has none
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "layers" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
FRONTEND_DIST = BASE_DIR / "layers" / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\.\w+$"  # Vite's names change with their content
WHITENOISE_USE_FINDERS = True  # so that tests and a fresh build need no copy; collectstatic serves production
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": FRONTEND_DIST / "manifest.json"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *environment.words("BASEMAP_ORIGINS")],
        "font-src": [SELF],
        "connect-src": [SELF, *environment.words("BASEMAP_ORIGINS")],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = environment.flag("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = SESSION_LONGEST_S = 8 * 3600  # a working day after signing in, whatever is done
SESSION_IDLE_S = 30 * 60
LOGIN_URL = "desk:sign_in"
LOGIN_REDIRECT_URL = "desk:home"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SIGN_IN_TRIES = 5  # wrong passwords for one account from one address; 4 times as many for an account, 6 for an address
SIGN_IN_WAIT_MINUTES = 15
TRUSTED_PROXIES = environment.integer("TRUSTED_PROXIES", 0)  # how many of our own proxies add to X-Forwarded-For

# Personal data: persons an officer may see in clear on one day, and parcels on one day that are unusually many.
PERSONAL_QUOTA = environment.integer("PERSONAL_QUOTA", 100, minimum=1)
PERSONAL_MANY = environment.integer("PERSONAL_MANY", 50, minimum=1)
JOB_KEPT_DAYS = environment.integer("JOB_KEPT_DAYS", 30, minimum=1)  # results of background work, and batches
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

DEFAULT_EXCEPTION_REPORTER_FILTER = "layers.pages.private.NoValues"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "layers.pages.private.Reserved",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "weasyprint": {"level": "ERROR"},  # it tells each step of each page otherwise
        "fontTools": {"level": "ERROR"},
        "ezdxf": {"level": "WARNING"},
        "django.db.backends": {"level": "INFO"},  # at DEBUG it writes statements with their values, also personal ones
        "django.request": {"level": "ERROR"},  # a wrong address is the asker's affair, not the log's
    },
    "root": {"handlers": ["console"], "level": environment.words("LOG_LEVEL", "INFO")[0]},
}

# The map's own settings.
BASEMAP_KIND = environment.words("BASEMAP_KIND", "plain")[0]  # plain, raster, style or pmtiles
BASEMAP_URL = ",".join(environment.words("BASEMAP_URL"))
BASEMAP_ATTRIBUTION = ",".join(environment.words("BASEMAP_ATTRIBUTION"))
PUBLIC_PARCELS = environment.flag("PUBLIC_PARCELS", True)  # numbers, areas and land types of parcels for everybody

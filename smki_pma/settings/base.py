"""What every profile shares."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from smki_pma.settings.environment import ROOT, Environment

ENVIRONMENT = Environment()
BASE_DIR = ROOT
DATA_DIR = ENVIRONMENT.data_dir
SMKI_SAMPLE_COMMUNITY = ENVIRONMENT.sample_community
SMKI_MFA_REQUIRED = ENVIRONMENT.mfa_required
SMKI_CLOCK_FILE: Path | None = None
SMKI_PROCESS = ENVIRONMENT.process
SMKI_PUBLIC_URL = ENVIRONMENT.public_url.rstrip("/")
# The Unix socket of the TLS front; what comes in elsewhere says nothing about client certificates.
SMKI_FRONT_SOCKET = ENVIRONMENT.front_socket
# Where the TLS front shows the SMKI Service Interface: the portal's own address, unless said otherwise.
SMKI_INTERFACE_URL = (ENVIRONMENT.interface_url or ENVIRONMENT.public_url).rstrip("/")

# Certification: which environment the portal issues in, what holds the keys, the live object identifiers.
SMKI_ENVIRONMENT = ENVIRONMENT.environment
SMKI_CA_KEY_BACKEND = ENVIRONMENT.ca_key_backend
SMKI_PKCS11_MODULE = ENVIRONMENT.pkcs11_module
SMKI_PKCS11_TOKEN = ENVIRONMENT.pkcs11_token
SMKI_LIVE_DEVICE_POLICY_OID = ENVIRONMENT.live_device_policy_oid
SMKI_LIVE_ORGANISATION_POLICY_OID = ENVIRONMENT.live_organisation_policy_oid
SMKI_LIVE_HW_TYPE_OID = ENVIRONMENT.live_hw_type_oid

# How many messages each credential may send over the SMKI Service Interface.
SMKI_INTERFACE_SINGLE_PER_10_SECONDS = ENVIRONMENT.interface_single_per_10_seconds
SMKI_INTERFACE_READS_PER_10_SECONDS = ENVIRONMENT.interface_reads_per_10_seconds
SMKI_INTERFACE_BATCHES_PER_HOUR = ENVIRONMENT.interface_batches_per_hour

SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value()
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.allowed_hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "guardian",
    "simple_history",
    "smki_pma.clauses.apps.ClausesConfig",
    "smki_pma.calendar.apps.CalendarConfig",
    "smki_pma.ui.apps.UiConfig",
    "smki_pma.jobs.apps.JobsConfig",
    "smki_pma.files.apps.FilesConfig",
    "smki_pma.ledger.apps.LedgerConfig",
    "smki_pma.records.apps.RecordsConfig",
    "smki_pma.rules_in_force.apps.RulesInForceConfig",
    "smki_pma.parties.apps.PartiesConfig",
    "smki_pma.duties.apps.DutiesConfig",
    "smki_pma.notices.apps.NoticesConfig",
    "smki_pma.governance.membership.apps.MembershipConfig",
    "smki_pma.governance.meetings.apps.MeetingsConfig",
    "repository.documents.apps.DocumentsConfig",
    "repository.certificates.apps.CertificatesConfig",
    "repository.drafts.apps.DraftsConfig",
    "certification.authorities.apps.AuthoritiesConfig",
    "certification.linting.apps.LintingConfig",
    "certification.weak_keys.apps.WeakKeysConfig",
    "certification.subscribers.apps.SubscribersConfig",
    "certification.requests.apps.RequestsConfig",
    "certification.service_interface.apps.ServiceInterfaceConfig",
    "certification.batches.apps.BatchesConfig",
    "certification.revocations.apps.RevocationsConfig",
    "certification.performance.apps.PerformanceConfig",
    "smki_pma.website.apps.WebsiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "smki_pma.ui.middleware.RefusalMiddleware",
    "smki_pma.website.damage.DamagedFileMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "smki_pma.parties.middleware.ActingMiddleware",
    "smki_pma.parties.sessions.OfficeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]

ROOT_URLCONF = "smki_pma.urls"
WSGI_APPLICATION = "smki_pma.wsgi.application"
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
                "smki_pma.ui.context.page_frame",
            ],
        },
    }
]

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/h/key"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "SMKI PMA: "
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "smki_pma.parties.adapters.ClosedAdapter"
ACCOUNT_FORMS = {
    "login": "smki_pma.parties.account_forms.SignInForm",
    "reset_password": "smki_pma.parties.account_forms.AskForLinkForm",
    "reset_password_from_key": "smki_pma.parties.account_forms.NewPasswordByLinkForm",
    "change_password": "smki_pma.parties.account_forms.PasswordChangeForm",
    "set_password": "smki_pma.parties.account_forms.FirstPasswordForm",
    "reauthenticate": "smki_pma.parties.account_forms.ConfirmPasswordForm",
}
MFA_FORMS = {
    "authenticate": "smki_pma.parties.account_forms.SecondFactorForm",
    "reauthenticate": "smki_pma.parties.account_forms.ConfirmSecondFactorForm",
    "activate_totp": "smki_pma.parties.account_forms.AuthenticatorAppForm",
    "add_webauthn": "smki_pma.parties.account_forms.PasskeyForm",
}
MFA_ADAPTER = "smki_pma.parties.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "SMKI PMA"
# One step on either side, as RFC 6238 section 5.2 recommends: a code typed at the end of its 30 seconds is taken.
# The forms see to it that none is taken twice (account_forms.TakenOnce).
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# The Secretariat enters the address and the first password comes by a link sent to it: it needs no other proof.
MFA_ALLOW_UNVERIFIED_EMAIL = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

FORM_RENDERER = "smki_pma.ui.renderer.GovUkRenderer"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "built"]
STATIC_ROOT = DATA_DIR / "static"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "files": {
        "BACKEND": "smki_pma.files.storage.DurableFileSystemStorage",
        # Web and workers, different users of one group in production, both write here.
        "OPTIONS": {"location": DATA_DIR / "files", "directory_permissions_mode": 0o770},
    },
    "checkpoints": {
        "BACKEND": "smki_pma.files.storage.DurableFileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "checkpoints"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Everything comes from our own address; `data:` pictures are the QR code of a second factor.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "smki_pma.ui.refusals.stale_form"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}

# The job's row is the truth: a wake-up call needs no acknowledgement, no result and no second try.
SMKI_WORKER_NAME = ENVIRONMENT.worker_name
SMKI_WORKER_THREADS = ENVIRONMENT.worker_threads
SMKI_JOB_ORDER = ENVIRONMENT.job_order
SMKI_LONGEST_JOB_WAIT = 2.0
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "normal"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    # A tick that nobody took within its interval is dropped: the next one does the same.
    "sweep": {
        "task": "jobs.sweep",
        "schedule": 2.0,
        "options": {"queue": "urgent", "expires": 2, "retry": False},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "smki_pma.deploy.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "smki_pma": {"level": "INFO"},
        "repository": {"level": "INFO"},
        "certification": {"level": "INFO"},
        # Django's own handlers would mail or print what ours already writes.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}

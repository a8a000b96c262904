"""An unmodified django-cas-server in one file: settings, users, services, listeners.

argv: HTTP_PORT TLS_PORT (0: any free one) RUN_DIR TLS_DIR. The database is made anew at every start, and
RUN_DIR/env is written when both ports answer.
"""
import os
import socketserver
import ssl
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.conf import settings

HTTP_PORT, TLS_PORT, RUN_DIR, TLS_DIR = sys.argv[1:5]
DB = os.path.join(RUN_DIR, 'cas.sqlite3')

USERS = {  # login: (password, attributes); lists become repeated attributes
    'alice': ('wonderland', {
        'email': 'alice@example.test', 'displayName': 'Alice <&> Example', 'uid': 'u-1001',
        'memberOf': ['admin', 'dev'], 'phone': '+8613800000000', 'cn': '爱丽丝',
    }),
    'bob': ('builder', {'email': 'bob@example.test', 'displayName': 'Bob Example', 'uid': 'u-1002'}),
}

settings.configure(
    SECRET_KEY='interop', ALLOWED_HOSTS=['127.0.0.1', 'localhost'], USE_TZ=True, TIME_ZONE='UTC',
    ROOT_URLCONF=__name__, DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': DB, 'OPTIONS': {'timeout': 20}}},
    INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions',
                    'django.contrib.messages', 'django.contrib.staticfiles', 'cas_server'],
    MIDDLEWARE=['django.contrib.sessions.middleware.SessionMiddleware',
                'django.middleware.locale.LocaleMiddleware',
                'django.middleware.common.CommonMiddleware',
                'django.middleware.csrf.CsrfViewMiddleware',
                'django.contrib.messages.middleware.MessageMiddleware'],
    TEMPLATES=[{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True,
                'OPTIONS': {'context_processors': ['django.template.context_processors.request',
                                                   'django.contrib.messages.context_processors.messages']}}],
    STATIC_URL='/static/',
    # Everything below is the CAS server's own configuration.
    CAS_AUTH_CLASS=f'{__name__}.InteropUser',
    CAS_NEW_VERSION_HTML_WARNING=False,   # it would ask the package index
    CAS_NEW_VERSION_EMAIL_WARNING=False,
    # Its pages name style sheets on public CDNs; a browser here must not wait for them.
    CAS_COMPONENT_URLS={k: '/static/none' for k in (
        'bootstrap3_css', 'bootstrap3_js', 'html5shiv', 'respond', 'bootstrap4_css', 'bootstrap4_js', 'jquery')},
    CAS_PROXY_CA_CERTIFICATE_PATH=os.path.join(TLS_DIR, 'ca.pem'),  # for https pgtUrl callbacks
    CAS_TICKET_VALIDITY=60,
    CAS_SLO_TIMEOUT=5,
)

import django  # noqa: E402
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, re_path  # noqa: E402
from cas_server.auth import AuthUser  # noqa: E402
from cas_server import models  # noqa: E402

urlpatterns = [re_path(r'^cas/', include('cas_server.urls', namespace='cas_server'))]


class InteropUser(AuthUser):
    """The users above, by the server's documented extension point."""

    def test_password(self, password):
        return self.username in USERS and USERS[self.username][0] == password

    def attributs(self):
        return USERS.get(self.username, (None, {}))[1]


def services():
    """What may ask for tickets, first match wins."""
    def add(pos, name, pattern, attributes, **more):
        p = models.ServicePattern.objects.create(pos=pos, name=name, pattern=pattern, **more)
        for a, to in attributes:
            p.attributs.create(name=a, replace=to)
        return p
    loop = r'^https?://(127\.0\.0\.1|localhost)(:\d+)?'
    add(10, 'email-as-user', loop + '/email-as-user', [('*', '')], user_field='email')
    add(20, 'no-attributes', loop + '/no-attributes', [])
    add(30, 'renamed', loop + '/renamed', [('email', 'mail')])
    add(40, 'bob-only', loop + '/bob-only', [('*', '')], restrict_users=True).usernames.create(value='bob')
    # every other loopback URL: all attributes, may proxy, gets single logout
    add(90, 'loopback', loop + r'(/.*)?$', [('*', '')], proxy=True, proxy_callback=True, single_log_out=True)


class Handler(WSGIRequestHandler):
    def log_message(self, fmt, *args):
        sys.stdout.write('%s %s\n' % (self.server.server_port, fmt % args))


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self):  # without the reverse name look-up of WSGIServer
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = '127.0.0.1', self.server_address[1]
        self.setup_environ()
        if self.tls:
            self.base_environ['HTTPS'] = 'on'

    def get_request(self):
        sock, addr = super().get_request()
        if self.tls:  # the handshake happens in the request's own thread
            sock = self.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, addr


def serve(port, tls):
    server = type('S', (Server,), {'tls': tls})(('127.0.0.1', int(port)), Handler)
    server.set_app(get_wsgi_application())
    return server


def facts(plain, secure):
    env = os.path.join(RUN_DIR, 'env')
    with open(env + '.tmp', 'w') as f:
        f.write('BASE_URL=http://127.0.0.1:%d/cas\nTLS_BASE_URL=https://localhost:%d/cas\nCA_FILE=%s\nCERT_FILE=%s\nKEY_FILE=%s\n' % (
            plain.server_port, secure.server_port, *(os.path.join(TLS_DIR, n) for n in ('ca.pem', 'server.pem', 'server.key'))))
    os.rename(env + '.tmp', env)


if __name__ == '__main__':
    # The settings name this module; under its own name as well as __main__.
    if os.path.exists(DB):
        os.remove(DB)
    call_command('migrate', verbosity=0)
    services()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(os.path.join(TLS_DIR, 'server.pem'), os.path.join(TLS_DIR, 'server.key'))
    plain, secure = serve(HTTP_PORT, None), serve(TLS_PORT, tls)  # both listen from here on
    facts(plain, secure)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    plain.serve_forever()

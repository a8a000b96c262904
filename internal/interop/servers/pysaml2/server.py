"""A web server around pysaml2's identity provider: login form, single sign-on and single logout.

argv: PORT (0: any free one) RUN_DIR. RUN_DIR/env is written when the port answers. GET /logout ends the session at the
identity provider, after each service provider was asked to end theirs.
"""
import html
import http.server
import os
import re
import secrets
import sys
import time
import traceback
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, BINDING_SOAP, BINDING_URI
from saml2.response import StatusError
from saml2.s_utils import status_message_factory
from saml2.samlp import STATUS_AUTHN_FAILED, STATUS_NO_PASSIVE, STATUS_PARTIAL_LOGOUT

from idp import USERS, IdP

PORT, RUN_DIR = int(sys.argv[1]), sys.argv[2]
BY_PATH = {'redirect': BINDING_HTTP_REDIRECT, 'post': BINDING_HTTP_POST}
FORM = '''<!DOCTYPE html><title>Login</title><form method="post" action="/login">
<input type="hidden" name="pending" value="%s"><input name="user"><input type="password" name="password">
<button name="login" value="1">Log in</button><button name="abort" value="1">Cancel</button></form>'''


class Session:
    """One browser."""

    def __init__(self):
        self.user, self.instant = None, 0
        self.pending = {}       # requests for logins that wait for the form
        self.participants = []  # (entity ID, name identifier, session index)
        self.logout = None


class Logout:
    """A logout under way: whom to answer, and what was asked last."""

    def __init__(self, request=None, binding=None, relay_state=None):
        self.request, self.binding, self.relay_state = request, binding, relay_state
        self.asked, self.key, self.partial = None, None, False


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        self.serve(urlsplit(self.path).query)

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get('Content-Length', 0))).decode())

    def serve(self, form):
        self.form = dict(parse_qsl(form, keep_blank_values=True))
        jar = SimpleCookie(self.headers.get('Cookie', ''))
        key = jar['idp'].value if 'idp' in jar else ''
        if key not in SESSIONS:
            key = secrets.token_hex(16)
            SESSIONS[key] = Session()
        self.cookie, self.session = 'idp=%s; Path=/; HttpOnly' % key, SESSIONS[key]
        try:
            idp.load()
            self.route(urlsplit(self.path).path.strip('/').split('/'))
        except Exception as error:  # what pysaml2 refuses
            traceback.print_exc()
            self.page(400, '<p>refused: %s' % html.escape('%s: %s' % (type(error).__name__, error)))

    def route(self, path):
        match path:
            case ['metadata']:
                self.reply(200, idp.metadata('signed' in self.form), {'Content-Type': 'application/samlmetadata+xml'})
            case ['sso', how]:
                self.sso(BY_PATH[how])
            case ['login']:
                self.login()
            case ['slo', how]:
                self.slo(BY_PATH[how])
            case ['logout']:
                self.session.logout = Logout()
                self.next()
            case _:
                self.page(404, '<p>nothing here')

    def signed(self):
        """The parts of a redirect that its signature covers."""
        return {'relay_state': self.form.get('RelayState'), 'sigalg': self.form.get('SigAlg'), 'signature': self.form.get('Signature')}

    def sso(self, binding):
        request = idp.server.parse_authn_request(self.form['SAMLRequest'], binding, **self.signed()).message
        relay_state = self.form.get('RelayState', '')
        if self.session.user and request.force_authn != 'true':
            self.grant(request, relay_state)
        elif request.is_passive == 'true':
            self.send(*idp.no(request, (STATUS_NO_PASSIVE, 'nobody is logged in')), relay_state)
        else:
            key = secrets.token_hex(8)
            self.session.pending[key] = request, relay_state
            self.page(200, FORM % key)

    def login(self):
        request, relay_state = self.session.pending[self.form['pending']]
        user = self.form['user']
        if 'abort' in self.form:
            self.send(*idp.no(request, (STATUS_AUTHN_FAILED, 'the user said <no> & left')), relay_state)
        elif user in USERS and USERS[user][0] == self.form['password']:
            self.session.user, self.session.instant = user, time.time()
            self.grant(request, relay_state)
        else:
            self.page(403, '<p>wrong user or password')

    def grant(self, request, relay_state):
        try:
            to, response, participant = idp.response(request, self.session.user, self.session.instant)
        except Exception as error:
            traceback.print_exc()
            self.send(*idp.no(request, error), relay_state)
            return
        self.session.participants.append(participant)
        self.send(to, response, relay_state)

    def send(self, to, response, relay_state):
        self.packed(idp.pack(to['binding'], response, to['destination'], relay_state, True, to['sp_entity_id']))

    def slo(self, binding):
        session = self.session
        if 'SAMLRequest' in self.form:
            request = idp.server.parse_logout_request(self.form['SAMLRequest'], binding, **self.signed()).message
            session.logout = Logout(request, binding, self.form.get('RelayState', ''))
            sp, name = request.issuer.text, request.name_id.text
            if not any(p[0] == sp and p[1].text == name for p in session.participants):
                raise ValueError('no session of that name')
            session.participants = [p for p in session.participants if p[0] != sp]
        else:
            if self.form.get('RelayState') != session.logout.key:
                raise ValueError('the answer to another request')
            self.told(self.form['SAMLResponse'], binding)
        self.next()

    def told(self, message, binding):
        try:
            answer = idp.server.parse_logout_request_response(message, binding).response
        except StatusError as error:
            print('not logged out there:', error)
            self.session.logout.partial = True
            return
        if answer.in_response_to != self.session.logout.asked:
            raise ValueError('the answer to another request')

    def next(self):
        """Asks the next service provider to end its session, or answers who began the logout."""
        session, logout = self.session, self.session.logout
        while session.participants:
            participant = session.participants.pop()
            binding, to, logout.asked, request = idp.logout_request(participant)
            if binding == BINDING_SOAP:
                # pysaml2's own reader of SOAP writes the message anew, with other prefixes, so that no signature but
                # its own would be good: the message is cut out of the envelope, and read as a bare one.
                reply = idp.server.send_using_soap(request, to).text
                self.told(re.search('Body>(.*)</[^<]*Body>', reply, re.S).group(1), BINDING_URI)
                continue
            logout.key = secrets.token_hex(8)
            self.packed(idp.pack(binding, request, to, logout.key, False, participant[0]))
            return
        session.user, session.logout = None, None
        if logout.request is None:
            self.page(200, '<p>logged out')
            return
        status = None
        if logout.partial:
            status = status_message_factory('not everywhere', STATUS_PARTIAL_LOGOUT)
        to, response = idp.logout_response(logout.request, logout.binding, status)
        self.packed(idp.pack(to['binding'], response, to['destination'], logout.relay_state, True, logout.request.issuer.text))

    def packed(self, how):
        body = how['data']
        self.reply(how.get('status', 200), ''.join(body) if isinstance(body, list) else body, dict(how['headers']))

    def page(self, status, body):
        self.reply(status, body, {'Content-Type': 'text/html; charset=utf-8'})

    def reply(self, status, body, headers):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {**headers, 'Set-Cookie': self.cookie, 'Content-Length': str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


SESSIONS = {}
server = http.server.ThreadingHTTPServer(('127.0.0.1', PORT), Handler)
base = 'http://127.0.0.1:%d' % server.server_address[1]
idp = IdP(base, RUN_DIR)
env = os.path.join(RUN_DIR, 'env')
with open(env + '.tmp', 'w') as f:
    f.write('BASE_URL=%s\nMETADATA_URL=%s/metadata\nSP_DIR=%s\nCERTIFICATE=%s/idp.crt\n' % (base, base, idp.sp_dir, RUN_DIR))
os.rename(env + '.tmp', env)
server.serve_forever()

"""The identity provider: pysaml2's configuration, its service providers, and the messages that it sends.

The options of a service provider, all optional:

  {"sign_response": true, "sign_assertion": true, "encrypt_assertion": false, "algorithm": "sha256",
   "encrypt_assertion_self_contained": true, "pefim": false, "logout": "HTTP-Redirect", "verify_metadata": PEM}

Those up to pefim, which encrypts the attributes in an assertion of the Advice, are arguments of pysaml2. algorithm is sha256, sha512 or "default", which leaves pysaml2's own; logout is how it sends requests for logouts;
verify_metadata is the certificate whose signature the metadata must have.
"""
import glob
import json
import os
import shutil
import tempfile
import threading
import time
import traceback

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, BINDING_SOAP, xmldsig
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.mdstore import MetaDataFile
from saml2.metadata import entity_descriptor, sign_entity_descriptor
from saml2.saml import (NAME_FORMAT_URI, NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_PERSISTENT,
                        NAMEID_FORMAT_TRANSIENT)
from saml2.server import Server

USERS = {
    'alice': ('wonderland', {
        'uid': ['alice'], 'mail': ['alice@example.test'], 'displayName': ['Alice <&> Example'], 'cn': ['爱丽丝'],
        'eduPersonAffiliation': ['member', 'staff'], 'eduPersonPrincipalName': ['alice@example.test'],
        'eduPersonTargetedID': ['opaque-of-alice'],
    }),
    'bob': ('builder', {'uid': ['bob'], 'mail': ['bob@example.test']}),
}
ALGORITHMS = {
    'sha256': {'sign_alg': xmldsig.SIG_RSA_SHA256, 'digest_alg': xmldsig.DIGEST_SHA256},
    'sha512': {'sign_alg': xmldsig.SIG_RSA_SHA512, 'digest_alg': xmldsig.DIGEST_SHA512},
    'default': {},
}
BINDINGS = {b.rsplit(':', 1)[1]: b for b in (BINDING_HTTP_REDIRECT, BINDING_HTTP_POST, BINDING_SOAP)}


def config(base, run_dir):
    key = {'key_file': os.path.join(run_dir, 'idp.key'), 'cert_file': os.path.join(run_dir, 'idp.crt')}
    return IdPConfig().load({
        'entityid': base + '/metadata',
        'xmlsec_binary': shutil.which('xmlsec1'),
        **key,
        'encryption_keypairs': [key],
        'metadata': {'local': [os.path.join(run_dir, 'sp.d')]},  # empty: without any there is no store to add to
        'service': {'idp': {
            'endpoints': {
                'single_sign_on_service': [(base + '/sso/redirect', BINDING_HTTP_REDIRECT), (base + '/sso/post', BINDING_HTTP_POST)],
                'single_logout_service': [(base + '/slo/redirect', BINDING_HTTP_REDIRECT), (base + '/slo/post', BINDING_HTTP_POST)],
            },
            'name_id_format': [NAMEID_FORMAT_TRANSIENT, NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_EMAILADDRESS],
            'domain': 'example.test',
            'want_authn_requests_signed': True,  # and requests for logouts
            'policy': {'default': {'lifetime': {'minutes': 5}, 'attribute_restrictions': None, 'name_form': NAME_FORMAT_URI}},
        }},
    })


class IdP:
    def __init__(self, base, run_dir):
        self.config = config(base, run_dir)
        self.server = Server(config=self.config)
        self.sp_dir = os.path.join(run_dir, 'sp.d')
        self.options = {}
        self.loaded = set()
        self.lock = threading.Lock()

    def metadata(self, signed):
        descriptor = entity_descriptor(self.config)
        if signed:
            return sign_entity_descriptor(descriptor, None, self.server.sec, **ALGORITHMS['sha256'])[1]
        return str(descriptor)

    def load(self):
        """Reads the files that tests added since the last request."""
        with self.lock:
            for path in glob.glob(self.sp_dir + '/*.xml'):
                if path not in self.loaded:
                    self.loaded.add(path)
                    try:
                        self._load(path)
                    except Exception:  # one test's metadata is no other test's affair: its service provider is unknown
                        traceback.print_exc()

    def _load(self, path):
        store = self.server.metadata
        with open(path[:-3] + 'json') as f:
            options = json.load(f) or {}
        if options.get('verify_metadata'):
            with open(path) as f, tempfile.NamedTemporaryFile('w', suffix='.pem') as cert:
                cert.write(options['verify_metadata'])
                cert.flush()
                name = 'urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor'
                if not store.security.verify_signature(f.read(), node_name=name, cert_file=cert.name):
                    raise ValueError('the metadata has no such signature')
        sp = MetaDataFile(store.attrc, path)
        sp.load()
        self.options.update({entity_id: options for entity_id in sp.keys()})
        store.metadata = {**store.metadata, path: sp}  # as store.load does, but other requests may be reading it

    def sp(self, entity_id):
        return self.options.get(entity_id, {})

    def algorithm(self, entity_id):
        return ALGORITHMS[self.sp(entity_id).get('algorithm', 'sha256')]

    def response(self, request, user, instant):
        """The response to a request, and who is logged in by it: the session to end later."""
        to = self.server.response_args(request)
        sp, options = to['sp_entity_id'], self.sp(to['sp_entity_id'])
        with self.lock:  # of several new names of a user at a time it would keep one
            name_id = self.server.ident.construct_nameid(
                user, self.config.getattr('policy', 'idp'), sp, request.name_id_policy)
        response = self.server.create_authn_response(
            USERS[user][1], to['in_response_to'], to['destination'], sp, userid=user, name_id=name_id,
            authn={'class_ref': PASSWORDPROTECTEDTRANSPORT, 'authn_auth': self.config.entityid, 'authn_instant': int(instant)},
            sign_response=options.get('sign_response', True), sign_assertion=options.get('sign_assertion', True),
            encrypt_assertion=options.get('encrypt_assertion', False),
            encrypt_assertion_self_contained=options.get('encrypt_assertion_self_contained', True),
            pefim=options.get('pefim', False),
            session_not_on_or_after=time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 8 * 3600)),
            **self.algorithm(sp))
        statement = self.server.session_db.get_authn_statements(name_id)[-1][0]
        return to, response, (sp, name_id, statement.session_index)

    def no(self, request, info):
        """A response that refuses: info is an exception, or a status code and a text."""
        to = self.server.response_args(request)
        sign = self.sp(to['sp_entity_id']).get('sign_response', True)
        return to, self.server.create_error_response(
            to['in_response_to'], to['destination'], info, sign=sign, **self.algorithm(to['sp_entity_id']))

    def logout_request(self, participant):
        sp, name_id, session_index = participant
        wanted = self.sp(sp).get('logout')
        bindings = [BINDINGS[wanted]] if wanted else [BINDING_HTTP_REDIRECT, BINDING_HTTP_POST]
        binding, to = self.server.pick_binding('single_logout_service', bindings, 'spsso', entity_id=sp)
        request_id, request = self.server.create_logout_request(
            to, sp, name_id=name_id, session_indexes=[session_index], sign=binding != BINDING_HTTP_REDIRECT,
            **self.algorithm(sp))
        return binding, to, request_id, request

    def logout_response(self, request, binding, status):
        to = self.server.response_args(request, [binding])
        return to, self.server.create_logout_response(
            request, [binding], status, sign=binding != BINDING_HTTP_REDIRECT, **self.algorithm(request.issuer.text))

    def pack(self, binding, message, to, relay_state, response, entity_id):
        """How the browser carries the message: headers and a body."""
        return self.server.apply_binding(
            binding, str(message), to, relay_state, response=response, sign=binding == BINDING_HTTP_REDIRECT,
            sigalg=self.algorithm(entity_id).get('sign_alg'))

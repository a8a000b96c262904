<?php
$metadata['__DYNAMIC:1__'] = [ // its entity ID is the address of its metadata
    'host' => '__DEFAULT__',
    'privatekey' => 'idp.key',
    'certificate' => 'idp.crt',
    'auth' => 'users',
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
    'NameIDFormat' => [
        'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
        'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    ],
    // One for each format: the request, or else the service provider's metadata, chooses.
    'authproc' => [
        1 => ['class' => 'saml:TransientNameID'],
        2 => ['class' => 'saml:PersistentNameID', 'attribute' => 'uid'],
        3 => ['class' => 'saml:AttributeNameID', 'attribute' => 'mail', 'Format' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
    ],
    'SingleSignOnServiceBinding' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'],
    'SingleLogoutServiceBinding' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'],
    'saml20.sendartifact' => true,
    'saml20.sign.response' => true,
    'saml20.sign.assertion' => true,
    'redirect.sign' => true, // logout messages, by whichever binding
    'logouttype' => 'traditional', // one service provider after the other, in the browser's window
];

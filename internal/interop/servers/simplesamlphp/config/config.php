<?php
// SimpleSAMLphp as an identity provider: what differs from its defaults.
$run = getenv('INTEROP_DIR');
$config = [
    'baseurlpath' => "http://127.0.0.1:{$_SERVER['SERVER_PORT']}/simplesaml/",
    'certdir' => "$run/",
    'datadir' => "$run/data/",
    'tempdir' => "$run/tmp",
    'metadatadir' => getenv('INTEROP_METADATA'),
    'attributenamemapdir' => getenv('INTEROP_ROOT') . '/etc/simplesamlphp/attributemap/',
    'technicalcontact_name' => 'interop',
    'technicalcontact_email' => 'interop@example.test',
    'secretsalt' => 'interop',
    'admin.checkforupdates' => false, // it would ask the internet
    'timezone' => 'UTC',
    'production' => false,
    'showerrors' => true, // the tests read why it refused
    'errorreporting' => false,
    'logging.handler' => 'errorlog',
    'logging.level' => SimpleSAML\Logger::WARNING,
    'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.phpsession.cookiename' => 'SimpleSAML',
    'session.phpsession.savepath' => "$run/sessions",
    'session.cookie.secure' => false, // plain http
    'session.cookie.samesite' => null,
    'language.cookie.secure' => false,
    'language.cookie.samesite' => null,
    'language.default' => 'en',
    'store.type' => 'sql', // an artifact outlives the request that made it, and is resolved without the session
    'store.sql.dsn' => "sqlite:$run/data/store.sq3",
    'metadata.sources' => [['type' => 'flatfile']],
    'authproc.idp' => [],
];

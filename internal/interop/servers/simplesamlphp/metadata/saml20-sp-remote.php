<?php
// The service providers are files that tests add (see start.sh). Tests run in parallel, so a file may
// be removed before it is read.
foreach (glob(getenv('INTEROP_DIR') . '/sp.d/*.xml') as $file) {
    $xml = @file_get_contents($file);
    if ($xml === false) {
        continue;
    }
    $options = json_decode((string) @file_get_contents(substr($file, 0, -3) . 'json'), true) ?? [];
    foreach (SimpleSAML\Metadata\SAMLParser::parseDescriptorsString($xml) as $id => $entity) {
        $sp = $entity->getMetadata20SP();
        if ($sp !== null) {
            $metadata[$id] = $options + $sp;
        }
    }
}

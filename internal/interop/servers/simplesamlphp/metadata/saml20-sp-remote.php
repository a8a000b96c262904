<?php
// The service providers are files that tests drop in (see start.sh). Tests run at the same time, so a file may
// be gone by the time that it is read.
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

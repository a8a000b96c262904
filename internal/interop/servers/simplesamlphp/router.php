<?php
// Mounts the server's www folder at /simplesaml, as Apache would: PHP's own web server has no aliases
// and, with a router, no path after the script.
if (!preg_match('#^/simplesaml(/.*)$#', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), $at)) {
    http_response_code(404);
    exit;
}
$path = rtrim($at[1], '/') . (substr($at[1], -1) === '/' ? '/index.php' : '');
$script = preg_match('#^.+?\.php(?=/|$)#', $path, $m) ? $m[0] : $path;
$file = realpath($_SERVER['DOCUMENT_ROOT'] . $script);
if ($file === false || !is_file($file) || strpos($file, $_SERVER['DOCUMENT_ROOT'] . '/') !== 0) {
    http_response_code(404);
    exit;
}
if (!isset($m[0])) {
    $types = ['css' => 'text/css', 'js' => 'text/javascript', 'png' => 'image/png', 'svg' => 'image/svg+xml'];
    header('Content-Type: ' . ($types[pathinfo($file, PATHINFO_EXTENSION)] ?? 'application/octet-stream'));
    readfile($file);
    exit;
}
unset($_SERVER['PATH_INFO']);
if ($path !== $script) {
    $_SERVER['PATH_INFO'] = substr($path, strlen($script));
}
$_SERVER['SCRIPT_FILENAME'] = $file;
$_SERVER['SCRIPT_NAME'] = "/simplesaml$script";
$_SERVER['PHP_SELF'] = "/simplesaml$path";
chdir(dirname($file));
require $file;

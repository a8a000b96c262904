<?php
// login:password and the attributes of the user.
$config = [
    'users' => [
        'exampleauth:UserPass',
        'alice:wonderland' => [
            'uid' => ['alice'],
            'mail' => ['alice@example.test'],
            'displayName' => ['Alice <&> Example'],
            'cn' => ['爱丽丝'],
            'groups' => ['admin', 'dev'],
            'nothing' => [''],
        ],
        'bob:builder' => ['uid' => ['bob'], 'mail' => ['bob@example.test'], 'displayName' => ['Bob Example']],
    ],
];

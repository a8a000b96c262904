package authtest

// mallory is whom a forged message names in place of the right person.
const mallory = "mallory"

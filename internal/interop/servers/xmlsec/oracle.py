"""Signs, verifies and encrypts one document by libxmlsec1. The task is JSON on standard input:

  {"do": "sign", "key": PEM, "document": a template}
  {"do": "verify", "key": PEM, "document": XML}
  {"do": "encrypt", "keys": {name: PEM}, "session": ["Aes", 256], "template": XML, "document": XML}

encrypt replaces the first child of the document's root; without session the template's KeyInfo makes the content key.
The document is printed, or for verify nothing; the exit status is 1 when the library refuses.
"""
import json
import sys

import xmlsec
from lxml import etree

PEM = xmlsec.constants.KeyDataFormatPem


def signature(root):
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(task["key"], PEM)
    return context, xmlsec.tree.find_node(root, xmlsec.constants.NodeSignature)


def sign(root):
    context, node = signature(root)
    context.sign(node)


def verify(root):
    context, node = signature(root)
    context.verify(node)


def encrypt(root):
    manager = xmlsec.KeysManager()
    for name, pem in task["keys"].items():
        key = xmlsec.Key.from_memory(pem, PEM)
        key.name = name
        manager.add_key(key)
    context = xmlsec.EncryptionContext(manager)
    if task.get("session"):
        kind, bits = task["session"]
        data = getattr(xmlsec.constants, "KeyData" + kind)
        context.key = xmlsec.Key.generate(data, bits, xmlsec.constants.KeyDataTypeSession)
    context.encrypt_xml(etree.fromstring(task["template"].encode()), root[0])


task = json.load(sys.stdin)
parsed = etree.fromstring(task["document"].encode())
try:
    {"sign": sign, "verify": verify, "encrypt": encrypt}[task["do"]](parsed)
except xmlsec.Error as error:
    sys.exit(f"xmlsec: {error}")
if task["do"] != "verify":
    sys.stdout.buffer.write(etree.tostring(parsed, encoding="utf-8"))

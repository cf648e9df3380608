"""Reads property lists given as base64 in a JSON array on standard input; answers with a JSON array.

Each answer has the fields in their order, as path and value with its type, or the error. Python's plistlib knows
nothing of what wrote them.
"""
import base64
import hashlib
import json
import plistlib
import sys


def value(leaf):
    if isinstance(leaf, bool):
        return '(boolean) ' + ('true' if leaf else 'false')
    if isinstance(leaf, int):
        return '(integer) %d' % leaf
    if isinstance(leaf, bytes):
        return '(data) ' + (leaf.hex() if len(leaf) <= 32 else 'sha1 ' + hashlib.sha1(leaf).hexdigest())
    if isinstance(leaf, str):
        return leaf
    return '(%s) %s' % (type(leaf).__name__, leaf)


def fields(node, path):
    if isinstance(node, dict):
        if not node:
            yield path, '(dict) empty'
        for key, member in node.items():
            yield from fields(member, path + [key])
    elif isinstance(node, list):
        if not node:
            yield path, '(array) empty'
        for index, member in enumerate(node):
            yield from fields(member, path + [str(index)])
    else:
        yield path, value(node)


def read(octets):
    try:
        return {'fields': [[path, text] for path, text in fields(plistlib.loads(octets), [])]}
    except Exception as error:
        return {'error': repr(error)}


json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)

#!/usr/bin/python3
"""Prints a Registry.pol as JSON, read by Samba's own module: read_policy.py FILE"""
import json
import sys
from samba.dcerpc import preg
from samba.ndr import ndr_unpack

with open(sys.argv[1], 'rb') as file:
    policy = ndr_unpack(preg.file, file.read())
print(json.dumps([[entry.keyname, entry.valuename, entry.data] for entry in policy.entries]))

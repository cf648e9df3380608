import { type DomainPolicy, type RegistryValue, registryValues } from './domain-policy.ts'
import { pythonLiteral as quoted } from './quoting.ts'

/**
 * The same for a domain of Samba, with Samba's own Python modules. It may run again: what is there already stays.
 * @throws UnquotableText
 */
export function sambaScript(policy: DomainPolicy): string {
  return `#!/usr/bin/python3
"""Publishes the certification authorities of Sallyport in a Samba domain and makes the group policy by which computers and
users enrol. Look first: python3 publish.py -U Administrator --dry-run    May run again.
"""
import base64
import optparse
import os
import re
import subprocess
import sys

import ldb
from samba import getopt
from samba.auth import system_session
from samba.credentials import SMB_SIGNING_REQUIRED
from samba.dcerpc import misc, nbt, preg
from samba.ndr import ndr_pack
from samba.net import Net
from samba.samba3 import libsmb_samba_internal as libsmb
from samba.samba3 import param as s3param
from samba.samdb import SamDB

GPO_NAME = ${quoted(policy.gpoName)}
ROOTS = [${policy.roots.map(octets).join(', ')}]
ISSUING = [${policy.issuing.map(octets).join(', ')}]
# Renew expired, update pending, remove revoked, update certificates that use templates; and where the policy is.
VALUES = [
${registryValues(policy)
  .map((value) => `    ${tuple(value)},`)
  .join('\n')}
]
# The client side extension of the registry, with the tool of certificates.
EXTENSIONS = (
    "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{53D6AB1B-2488-11D1-A28C-00C04FB94F17}"
    "{D02B1F72-3407-48AE-BA88-E8213C6761F1}]"
)
SERVICES = "CN=Public Key Services,CN=Services,"

parser = optparse.OptionParser("publish.py [options]")
sambaopts = getopt.SambaOptions(parser)
credopts = getopt.CredentialsOptions(parser)
parser.add_option_group(sambaopts)
parser.add_option_group(credopts)
parser.add_option("--dry-run", action="store_true", help="say what would be done")
parser.add_option("--target", help="where the policy is linked; default: the whole domain")
options, words = parser.parse_args()
if words:
    parser.error("too many arguments")
lp = sambaopts.get_loadparm()
creds = credopts.get_credentials(lp, fallback_machine=True)
controller = Net(creds=creds, lp=lp).finddc(
    domain=lp.get("realm"), flags=nbt.NBT_SERVER_LDAP | nbt.NBT_SERVER_DS | nbt.NBT_SERVER_WRITABLE
)
url = "ldap://" + controller.pdc_dns_name
database = SamDB(url=url, session_info=system_session(), credentials=creds, lp=lp)


def say(text):
    print(("would " if options.dry_run else "") + text)


def publish(dn, certificate):
    """Adds one certificate to an entry of class certificationAuthority, and the entry where there is none."""
    try:
        found = database.search(base=dn, scope=ldb.SCOPE_BASE, attrs=["cACertificate"])
        present = [bytes(value) for value in found[0].get("cACertificate", [])]
    except ldb.LdbError as error:
        if error.args[0] != ldb.ERR_NO_SUCH_OBJECT:
            raise
        found, present = None, []
    if certificate in present:
        return
    say("publish a certificate in %s" % dn)
    if options.dry_run:
        return
    if found is None:
        message = {"dn": dn, "objectClass": "certificationAuthority", "cACertificate": certificate}
        # The schema wants both; Windows writes one octet where there is none.
        message.update(authorityRevocationList=b"\\0", certificateRevocationList=b"\\0")
        database.add(message)
        return
    # An entry that was made empty holds one octet, which is no certificate.
    kept = [value for value in present if value != b"\\0"]
    message = ldb.Message(ldb.Dn(database, dn))
    message["cACertificate"] = ldb.MessageElement(kept + [certificate], ldb.FLAG_MOD_REPLACE, "cACertificate")
    database.modify(message)


def common_name(certificate):
    line = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "multiline,utf8,-esc_msb"],
        input=certificate, stdout=subprocess.PIPE, check=True,
    ).stdout.decode()
    found = re.search(r"commonName\\s*= (.*)", line)
    return found.group(1) if found else "Sallyport"


def child(name, container):
    dn = ldb.Dn(database, container + "," + SERVICES + str(database.get_config_basedn()))
    dn.add_child(ldb.Dn(database, "CN=x"))
    dn.set_component(0, "CN", name)
    return str(dn)


def policy_file():
    entries = []
    for key, name, kind, value in VALUES:
        entry = preg.entry()
        entry.keyname, entry.valuename, entry.type = key, name, kind
        entry.data = value
        entries.append(entry)
    file = preg.file()
    file.header.signature, file.header.version = "PReg", 1
    file.num_entries, file.entries = len(entries), entries
    return ndr_pack(file)


def group_policy():
    query = "(&(objectClass=groupPolicyContainer)(displayName=%s))" % ldb.binary_encode(GPO_NAME)
    attributes = ["name", "versionNumber", "gPCFileSysPath", "gPCMachineExtensionNames", "gPCUserExtensionNames"]
    found = database.search(base=database.get_default_basedn(), expression=query, attrs=attributes)
    if len(found) > 1:
        sys.exit("There are two group policy objects of this name.")
    return found[0] if len(found) == 1 else None


def samba_tool(*line):
    settings = ["--configfile=" + lp.configfile] if lp.configfile else []
    environment = dict(os.environ)
    if creds.get_username() and creds.get_password():
        # Not as an argument, which everybody on the machine can read.
        settings += ["-U", creds.get_username()]
        environment["PASSWD"] = creds.get_password()
    subprocess.run(["samba-tool", "gpo", *line, "-H", url, *settings], check=True, env=environment)


def write(connection, path, content):
    """True where it was not there already."""
    try:
        if connection.loadfile(path) == content:
            return False
    except Exception:
        pass
    connection.savefile(path, content)
    return True


for each in ROOTS:
    publish(child(common_name(each), "CN=Certification Authorities"), each)
for each in ISSUING:
    publish("CN=NTAuthCertificates," + SERVICES + str(database.get_config_basedn()), each)
    publish(child(common_name(each), "CN=AIA"), each)

gpo = group_policy()
if gpo is None:
    say("make the group policy object %s" % GPO_NAME)
    if options.dry_run:
        sys.exit(0)
    samba_tool("create", GPO_NAME)
    gpo = group_policy()
_, _, _, share, folder = str(gpo["gPCFileSysPath"]).split("\\\\", 4)
s3_lp = s3param.get_context()
s3_lp.load(lp.configfile)
creds.set_smb_signing(SMB_SIGNING_REQUIRED)
sysvol = libsmb.Conn(controller.pdc_dns_name, share, lp=s3_lp, creds=creds)
content = policy_file()
if options.dry_run:
    say("write the policy into %s" % folder)
    sys.exit(0)
changed = [write(sysvol, folder + "\\\\" + part + "\\\\Registry.pol", content) for part in ("Machine", "User")]
extended = all(str(gpo.get(name, "")) == EXTENSIONS for name in ("gPCMachineExtensionNames", "gPCUserExtensionNames"))
if any(changed) or not extended:
    say("write the policy into %s" % folder)
    # The upper half counts changes for users, the lower half those for computers.
    version = int(str(gpo.get("versionNumber", "0"))) + 0x10001
    sysvol.savefile(folder + "\\\\GPT.INI", ("[General]\\r\\nVersion=%d\\r\\n" % version).encode())
    message = ldb.Message(gpo.dn)
    for name, value in (
        ("versionNumber", str(version)),
        ("gPCMachineExtensionNames", EXTENSIONS),
        ("gPCUserExtensionNames", EXTENSIONS),
    ):
        message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
    database.modify(message)

target = options.target or str(database.get_default_basedn())
entry = database.search(base=target, scope=ldb.SCOPE_BASE, attrs=["gPLink"])[0]
if str(gpo["name"]).lower() not in str(entry.get("gPLink", "")).lower():
    say("link the policy to %s" % target)
    samba_tool("setlink", target, str(gpo["name"]))
print("The domain knows the authorities and the enrolment policy.")
`
}

function octets(der: Uint8Array): string {
  return `base64.b64decode("${Buffer.from(der).toString('base64')}")`
}

function tuple({ key, name, type, value }: RegistryValue): string {
  const written = typeof value === 'string' ? quoted(value) : `${value}`
  return `(${quoted(key)}, ${quoted(name)}, misc.${type}, ${written})`
}

#!/usr/bin/python3
"""Judges answers of MS-XCEP and MS-WSTEP as a strict Windows client would. It was written before the handlers, from the
documents, and shares no code with the product: lxml, asn1crypto and the openssl command.

  judge.py policies ANSWER --relates-to ID [--kind person|computer]
  judge.py issued   ANSWER --relates-to ID --root PEM [--request PKCS10] [--leaf OUT] [--chain OUT]
  judge.py pending  ANSWER --relates-to ID --uri URI
  judge.py fault    ANSWER --relates-to ID --subcode NAME [--hresult 0x80094012]

Writes what it found as JSON; problems go to standard error, one a line, and the exit code is 1.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from asn1crypto import cms, core, csr, pem, x509
from lxml import etree

NS = {
    's': 'http://www.w3.org/2003/05/soap-envelope',
    'a': 'http://www.w3.org/2005/08/addressing',
    'x': 'http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy',
    'e': 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment',
    't': 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
    'o': 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
}
XSI_NIL = '{http://www.w3.org/2001/XMLSchema-instance}nil'
ACTIONS = {
    'policies': 'http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy/IPolicy/GetPoliciesResponse',
    'issued': 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RSTRC/wstep',
    'pending': 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RSTRC/wstep',
}
X509V3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3'
EXTENSIONS = {
    'keyUsage': '2.5.29.15',
    'extendedKeyUsage': '2.5.29.37',
    'templateInformation': '1.3.6.1.4.1.311.21.7',
    'templateName': '1.3.6.1.4.1.311.20.2',
    'applicationPolicies': '1.3.6.1.4.1.311.21.10',
}
# Of the key usage property of a CNG key: decrypt, sign, key agreement, all (MS-CRTD 2.27 and ncrypt.h).
KEY_USAGE_PROPERTY = {1, 2, 3, 4, 5, 6, 7, 0x00FFFFFF}
# msPKI-Enrollment-Flag and its like have no bits beyond these (MS-CRTD 2.4, 2.26 - 2.28).
KNOWN = {
    'privateKeyFlags': 0x0F0F7FF7 | 0x00200000,
    'subjectNameFlags': 0xFFC10009 | 0x01000000,
    'enrollmentFlags': 0x000FDFFF,
    'generalFlags': 0x000318FF | 0x00000200,
}

problems = []


def problem(text):
    problems.append(text)


def check(condition, text):
    if not condition:
        problem(text)
    return condition


def text_of(element, path):
    found = element.xpath(path, namespaces=NS)
    return found[0].text if found else None


def is_nil(element):
    return element.get(XSI_NIL) in ('true', '1')


def load(path, action, relates_to):
    with open(path, 'rb') as file:
        octets = file.read()
    check(b'<!DOCTYPE' not in octets, 'an answer has a document type')
    tree = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False))
    schema = etree.XMLSchema(etree.parse(os.path.join(os.path.dirname(__file__), 'xsd', 'soap.xsd')))
    if not schema.validate(tree):
        for error in schema.error_log:
            problem(f'schema, line {error.line}: {error.message}')
    for element in tree.iter(etree.Element):
        if is_nil(element):
            check(len(element) == 0 and not (element.text or ''), f'{etree.QName(element).localname} is nil and not empty')
    if action is not None:
        check(text_of(tree, '/s:Envelope/s:Header/a:Action') == action, f'Action is not {action}')
    relates = text_of(tree, '/s:Envelope/s:Header/a:RelatesTo')
    check(relates == relates_to, f'RelatesTo is {relates}, the request was {relates_to}')
    return tree


# ---------------------------------------------------------------------------------------------------------- policies


def judge_policies(options):
    tree = load(options.answer, ACTIONS['policies'], options.relates_to)
    response = tree.xpath('/s:Envelope/s:Body/x:GetPoliciesResponse', namespaces=NS)
    if not check(len(response) == 1, 'no GetPoliciesResponse'):
        return {}
    response = response[0]
    policy_id = text_of(response, 'x:response/x:policyID') or ''
    check(re.fullmatch(r'\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}', policy_id), f'policyID {policy_id} is no GUID')
    unchanged = response.xpath('x:response/x:policiesNotChanged', namespaces=NS)[0]
    policies = response.xpath('x:response/x:policies', namespaces=NS)[0]
    if not is_nil(unchanged) and unchanged.text in ('true', '1'):
        check(is_nil(policies), 'policiesNotChanged is true and there are policies')
        return {'policyID': policy_id, 'policiesNotChanged': True}
    # cepces reads this boolean as a number: in the normal case it has to be nil.
    check(is_nil(unchanged), 'policiesNotChanged is neither true nor nil')
    oids = {}
    for oid in response.xpath('x:oIDs/x:oID', namespaces=NS):
        reference = text_of(oid, 'x:oIDReferenceID')
        check(reference not in oids, f'oIDReferenceID {reference} twice')
        oids[reference] = (text_of(oid, 'x:value'), int(text_of(oid, 'x:group') or 0))
    check(len(set(oids.values())) == len(oids), 'an OID is listed twice in one group')
    authorities = {}
    for authority in response.xpath('x:cAs/x:cA', namespaces=NS):
        reference = text_of(authority, 'x:cAReferenceID')
        check(reference not in authorities, f'cAReferenceID {reference} twice')
        authorities[reference] = judge_authority(authority)
    return {
        'policyID': policy_id,
        'friendlyName': text_of(response, 'x:response/x:policyFriendlyName'),
        'cAs': list(authorities.values()),
        'policies': [
            judge_policy(policy, oids, authorities, options.kind)
            for policy in response.xpath('x:response/x:policies/x:policy', namespaces=NS)
        ],
    }


def judge_authority(authority):
    certificate = x509.Certificate.load(base64.b64decode(text_of(authority, 'x:certificate') or ''))
    check(certificate.ca, 'the certificate of a cA is none of a CA')
    uris = []
    for uri in authority.xpath('x:uris/x:cAURI', namespaces=NS):
        kind = int(text_of(uri, 'x:clientAuthentication') or 0)
        where = text_of(uri, 'x:uri') or ''
        only = text_of(uri, 'x:renewalOnly') in ('true', '1')
        check(where.startswith('https://'), f'cAURI {where} is not https')
        check(kind != 1 or only, 'the anonymous endpoint is not for renewals only')
        uris.append({'authentication': kind, 'uri': where, 'renewalOnly': only})
    check(uris, 'a cA without cAURI')
    return {'subject': certificate.subject.human_friendly, 'uris': uris}


def flags_of(attributes, name):
    text = text_of(attributes, f'x:{name}')
    if text is None or not re.fullmatch(r'\d+', text):
        problem(f'{name} is {text}: not an unsigned number')
        return 0
    value = int(text)
    check(value < 2**32, f'{name} {value} has more than 32 bits')
    check(value & ~KNOWN[name] == 0, f'{name} {value:#x} has unknown bits {value & ~KNOWN[name]:#x}')
    return value


def judge_policy(policy, oids, authorities, kind):
    attributes = policy.xpath('x:attributes', namespaces=NS)[0]
    name = text_of(attributes, 'x:commonName')
    template, group = oids.get(text_of(policy, 'x:policyOIDReference'), (None, None))
    check(template is not None, f'{name}: policyOIDReference leads to no OID')
    check(group == 9, f'{name}: the OID of a template is in group {group}, not 9')
    for reference in policy.xpath('x:cAs/x:cAReference', namespaces=NS):
        check(reference.text in authorities, f'{name}: cAReference {reference.text} leads to no cA')
    schema = int(text_of(attributes, 'x:policySchema') or 0)
    validity = int(text_of(attributes, 'x:certificateValidity/x:validityPeriodSeconds') or 0)
    renewal = int(text_of(attributes, 'x:certificateValidity/x:renewalPeriodSeconds') or 0)
    check(0 < renewal < validity, f'{name}: renewal period {renewal} is not within validity {validity}')
    check(text_of(attributes, 'x:permission/x:enroll') in ('true', '1'), f'{name}: shown without permission to enrol')
    usage = attributes.xpath('x:privateKeyAttributes/x:keyUsageProperty', namespaces=NS)[0]
    if not is_nil(usage):
        check(int(usage.text) in KEY_USAGE_PROPERTY, f'{name}: keyUsageProperty {usage.text} is none of a key')
    for path, groups in (
        ('x:privateKeyAttributes/x:algorithmOIDReference', {3}),
        ('x:hashAlgorithmOIDReference', {1}),
    ):
        element = attributes.xpath(path, namespaces=NS)[0]
        if is_nil(element):
            continue
        check(schema >= 3, f'{name}: {path} in schema {schema}')
        check(oids.get(element.text, (None, None))[1] in groups, f'{name}: {path} leads to no OID of groups {groups}')
    flags = {flag: flags_of(attributes, flag) for flag in KNOWN}
    if kind is not None:
        machine = bool(flags['generalFlags'] & 0x40)
        check(machine == (kind == 'computer'), f'{name}: machine flag {machine} for a {kind}')
    check(flags['generalFlags'] & 0x80 == 0, f'{name}: a template for CAs')
    extensions = {}
    for extension in attributes.xpath('x:extensions/x:extension', namespaces=NS):
        reference = text_of(extension, 'x:oIDReference')
        oid = oids.get(reference, (None, None))[0]
        check(oid is not None, f'{name}: extension refers to {reference}, which leads to no OID')
        check(oid not in extensions, f'{name}: extension {oid} twice')
        extensions[oid] = (text_of(extension, 'x:critical') in ('true', '1'), base64.b64decode(text_of(extension, 'x:value') or ''))
    return {
        'commonName': name,
        'oid': template,
        'schema': schema,
        'validitySeconds': validity,
        'renewalSeconds': renewal,
        'autoEnroll': text_of(attributes, 'x:permission/x:autoEnroll') in ('true', '1'),
        'minimalKeyLength': int(text_of(attributes, 'x:privateKeyAttributes/x:minimalKeyLength') or 0),
        'supersedes': [each.text for each in attributes.xpath('x:supersededPolicies/x:commonName', namespaces=NS)],
        'revision': text_of(attributes, 'x:revision/x:majorRevision'),
        **flags,
        **judge_extensions(name, extensions, template),
    }


def judge_extensions(name, extensions, template):
    critical, value = extensions.get(EXTENSIONS['keyUsage'], (False, None))
    check(value is not None and critical, f'{name}: no critical key usage')
    usages = x509.KeyUsage.load(value).native if value is not None else set()
    _, value = extensions.get(EXTENSIONS['extendedKeyUsage'], (False, None))
    purposes = [each.dotted for each in x509.ExtKeyUsageSyntax.load(value)] if value is not None else []
    check(purposes, f'{name}: no extended key usage, or an empty one')
    _, value = extensions.get(EXTENSIONS['applicationPolicies'], (False, None))
    if value is not None:
        policies = [each['policy_identifier'].dotted for each in x509.CertificatePolicies.load(value)]
        check(sorted(policies) == sorted(purposes), f'{name}: application policies differ from extended key usage')
    _, value = extensions.get(EXTENSIONS['templateInformation'], (False, None))
    if check(value is not None, f'{name}: no template information'):
        first = TemplateInformation.load(value)['template_id'].native
        check(first == template, f'{name}: template information names {first}, the policy {template}')
    return {'keyUsage': sorted(usages), 'extendedKeyUsage': purposes}


# ------------------------------------------------------------------------------------------------------------ issued


class TemplateInformation(core.Sequence):
    _fields = [
        ('template_id', core.ObjectIdentifier),
        ('major', core.Integer, {'optional': True}),
        ('minor', core.Integer, {'optional': True}),
    ]


class TaggedAttribute(core.Sequence):
    _fields = [('body_part_id', core.Integer), ('attr_type', core.ObjectIdentifier), ('attr_values', core.SetOf, {'spec': core.Any})]


class TaggedAttributes(core.SequenceOf):
    _child_spec = TaggedAttribute


class AnySequence(core.SequenceOf):
    _child_spec = core.Any


class ResponseBody(core.Sequence):
    """RFC 5272 section 3.2.2."""

    _fields = [('controls', TaggedAttributes), ('cms', AnySequence), ('other', AnySequence)]


class Integers(core.SequenceOf):
    _child_spec = core.Integer


class PendInfo(core.Sequence):
    _fields = [('token', core.OctetString), ('time', core.GeneralizedTime)]


class OtherInfo(core.Choice):
    _alternatives = [('fail_info', core.Integer), ('pend_info', PendInfo)]


class CmcStatusInfo(core.Sequence):
    """RFC 5272 section 6.1.1."""

    _fields = [
        ('status', core.Integer),
        ('body_list', Integers),
        ('status_string', core.UTF8String, {'optional': True}),
        ('other_info', OtherInfo, {'optional': True}),
    ]


class AnyAttribute(core.Sequence):
    _fields = [('type', core.ObjectIdentifier), ('values', core.SetOf, {'spec': core.OctetString})]


class AnyAttributes(core.SetOf):
    _child_spec = AnyAttribute


class AddAttributes(core.Sequence):
    """CmcAddAttributes of MS-WCCE 2.2.2.8."""

    _fields = [('pki_data_reference', core.Integer), ('cert_references', Integers), ('attributes', AnyAttributes)]


def controls_of(token):
    """(control attributes by OID, SignedData) of a full CMC response; None where it is none."""
    content = cms.ContentInfo.load(token, strict=True)
    if not check(content['content_type'].native == 'signed_data', 'the token is no SignedData'):
        return None
    signed = content['content']
    oid = signed['encap_content_info']['content_type'].dotted
    if not check(oid == '1.3.6.1.5.5.7.12.3', f'the content is {oid}, not a CMC response: Windows refuses certificates alone'):
        return None
    body = ResponseBody.load(signed['encap_content_info']['content'].native, strict=True)
    controls = {}
    ids = [each['body_part_id'].native for each in body['controls']]
    check(len(set(ids)) == len(ids), 'two controls with one body part id')
    for control in body['controls']:
        values = control['attr_values']
        check(len(values) == 1, f'control {control["attr_type"].dotted} has {len(values)} values')
        controls[control['attr_type'].dotted] = values[0].dump()
    return controls, signed


def status_of(controls):
    octets = controls.get('1.3.6.1.5.5.7.7.1')
    if not check(octets is not None, 'no CMCStatusInfo'):
        return None
    status = CmcStatusInfo.load(octets, strict=True)
    check([each.native for each in status['body_list']] == [1], 'the body list is not {1}')
    return status


def openssl(*words):
    done = subprocess.run(['openssl', *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def verify_with_openssl(token, root, scratch):
    path = os.path.join(scratch, 'token.der')
    with open(path, 'wb') as file:
        file.write(token)
    code, output = openssl('cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', path)
    check(code == 0, f'openssl does not read the token: {output[-300:]}')
    code, output = openssl('cms', '-verify', '-inform', 'DER', '-in', path, '-CAfile', root, '-purpose', 'any', '-out', '/dev/null')
    check(code == 0, f'openssl refuses the signature of the token: {output[-300:]}')


def response_of(tree):
    found = tree.xpath('/s:Envelope/s:Body/t:RequestSecurityTokenResponseCollection/t:RequestSecurityTokenResponse', namespaces=NS)
    if not check(len(found) == 1, f'{len(found)} responses instead of one'):
        return None
    check(text_of(found[0], 't:TokenType') == X509V3, 'TokenType is not X509v3')
    token = found[0].xpath('o:BinarySecurityToken', namespaces=NS)[0]
    check((token.get('ValueType') or '').endswith('#PKCS7'), 'the outer token is not called PKCS7')
    check(re.fullmatch(r'[1-9]\d{0,8}', text_of(found[0], 'e:RequestID') or ''), 'RequestID is no integer')
    return found[0]


def judge_issued(options):
    tree = load(options.answer, ACTIONS['issued'], options.relates_to)
    response = response_of(tree)
    if response is None:
        return {}
    inner = response.xpath('t:RequestedSecurityToken/o:BinarySecurityToken', namespaces=NS)
    if not check(len(inner) == 1, 'no certificate in RequestedSecurityToken'):
        return {}
    check(inner[0].get('ValueType') == X509V3, 'the inner token is not called X509v3')
    leaf_octets = base64.b64decode(inner[0].text)
    leaf = x509.Certificate.load(leaf_octets, strict=True)
    token = base64.b64decode(text_of(response, 'o:BinarySecurityToken'))
    found = controls_of(token)
    if found is None:
        return {}
    controls, signed = found
    status = status_of(controls)
    if status is not None:
        check(status['status'].native == 0, f'cMCStatus is {status["status"].native}, not success')
    check_hash(controls, leaf_octets)
    certificates = [each.chosen for each in signed['certificates']]
    check(any(each.dump() == leaf_octets for each in certificates), 'the certificate is not in the CMC response')
    check(chain_reaches_root(leaf, certificates), 'the CMC response has not the whole chain')
    check_signer(signed, leaf, certificates)
    with tempfile.TemporaryDirectory() as scratch:
        verify_with_openssl(token, options.root, scratch)
        check_chain_with_openssl(leaf_octets, certificates, options.root, scratch)
    if options.request is not None:
        with open(options.request, 'rb') as file:
            asked = csr.CertificationRequest.load(file.read())
        wanted = asked['certification_request_info']['subject_pk_info'].dump()
        check(leaf.public_key.dump() == wanted, 'the certificate is for another key')
    if options.leaf is not None:
        with open(options.leaf, 'wb') as file:
            file.write(pem.armor('CERTIFICATE', leaf_octets))
    if options.chain is not None:
        with open(options.chain, 'wb') as file:
            file.write(b''.join(pem.armor('CERTIFICATE', each.dump()) for each in certificates if each.ca))
    return {
        'requestID': int(text_of(response, 'e:RequestID')),
        'message': text_of(response, 'e:DispositionMessage'),
        **description(leaf),
    }


def check_hash(controls, leaf):
    octets = controls.get('1.3.6.1.4.1.311.10.10.1')
    if not check(octets is not None, 'no control that adds attributes'):
        return
    added = AddAttributes.load(octets, strict=True)
    check([each.native for each in added['cert_references']] == [1], 'the attributes are not added to request 1')
    found = [each for each in added['attributes'] if each['type'].dotted == '1.3.6.1.4.1.311.21.17']
    if check(len(found) == 1, 'no hash of the issued certificate'):
        hashes = [each.native for each in found[0]['values']]
        check(hashes == [hashlib.sha1(leaf).digest()], 'the hash is of another certificate')


def chain_reaches_root(leaf, certificates):
    current = leaf
    for _ in range(len(certificates) + 1):
        if current.issuer == current.subject:
            return True
        issuers = [each for each in certificates if each.subject == current.issuer]
        if not issuers:
            return False
        current = issuers[0]
    return False


def check_signer(signed, leaf, certificates):
    infos = signed['signer_infos']
    if not check(len(infos) == 1, f'{len(infos)} signers instead of one'):
        return
    sid = infos[0]['sid']
    if not check(sid.name == 'issuer_and_serial_number', f'the signer is named by {sid.name}'):
        return
    serial = sid.chosen['serial_number'].native
    signers = [each for each in certificates if each.serial_number == serial and each.issuer == sid.chosen['issuer']]
    if check(len(signers) == 1, 'the certificate of the signer is not there'):
        check(signers[0].ca and signers[0].subject == leaf.issuer, 'the signer is not the CA that issued')


def check_chain_with_openssl(leaf, certificates, root, scratch):
    paths = {name: os.path.join(scratch, name) for name in ('leaf.pem', 'chain.pem')}
    with open(paths['leaf.pem'], 'wb') as file:
        file.write(pem.armor('CERTIFICATE', leaf))
    with open(paths['chain.pem'], 'wb') as file:
        file.write(b''.join(pem.armor('CERTIFICATE', each.dump()) for each in certificates))
    code, output = openssl('verify', '-x509_strict', '-CAfile', root, '-untrusted', paths['chain.pem'], paths['leaf.pem'])
    check(code == 0, f'openssl refuses the certificate: {output[-300:]}')


def description(leaf):
    """What the certificate says, for the test to compare."""
    result = {'subject': leaf.subject.human_friendly, 'serial': f'{leaf.serial_number:x}', 'dns': [], 'upn': [], 'uris': []}
    result['notBefore'] = leaf['tbs_certificate']['validity']['not_before'].native.isoformat()
    result['notAfter'] = leaf['tbs_certificate']['validity']['not_after'].native.isoformat()
    result['ca'] = bool(leaf.ca)
    for extension in leaf['tbs_certificate']['extensions']:
        oid = extension['extn_id'].dotted
        octets = extension['extn_value'].contents
        if oid == '2.5.29.17':
            for name in extension['extn_value'].parsed:
                if name.name == 'dns_name':
                    result['dns'].append(name.native)
                elif name.name == 'uniform_resource_identifier':
                    result['uris'].append(name.native)
                elif name.name == 'other_name' and name.chosen['type_id'].dotted == '1.3.6.1.4.1.311.20.2.3':
                    result['upn'].append(name.chosen['value'].native)
        elif oid == '2.5.29.37':
            result['extendedKeyUsage'] = [each.dotted for each in extension['extn_value'].parsed]
        elif oid == '1.3.6.1.4.1.311.21.7':
            result['template'] = TemplateInformation.load(octets)['template_id'].native
        elif oid == '1.3.6.1.4.1.311.25.2':
            match = re.search(rb'S-1-[0-9-]+$', octets)
            check(match is not None, 'the SID extension has no SID')
            result['sid'] = match.group().decode() if match else None
    return result


# ----------------------------------------------------------------------------------------------------------- pending


def judge_pending(options):
    tree = load(options.answer, ACTIONS['pending'], options.relates_to)
    response = response_of(tree)
    if response is None:
        return {}
    uri = response.xpath('t:RequestedSecurityToken/o:SecurityTokenReference/o:Reference/@URI', namespaces=NS)
    check(uri == [options.uri], f'the reference leads to {uri}, not to this service')
    request_id = text_of(response, 'e:RequestID')
    found = controls_of(base64.b64decode(text_of(response, 'o:BinarySecurityToken')))
    if found is not None:
        status = status_of(found[0])
        if status is not None:
            check(status['status'].native == 3, f'cMCStatus is {status["status"].native}, not pending')
            check(status['other_info'].name == 'pend_info', 'no PendInfo')
            check(status['other_info'].chosen['token'].native == request_id.encode(), 'the pending token is not the request id')
    return {'requestID': int(request_id or 0), 'message': text_of(response, 'e:DispositionMessage')}


# ------------------------------------------------------------------------------------------------------------- fault


def judge_fault(options):
    tree = load(options.answer, None, options.relates_to)
    fault = tree.xpath('/s:Envelope/s:Body/s:Fault', namespaces=NS)
    if not check(len(fault) == 1, 'no fault'):
        return {}
    fault = fault[0]
    action = text_of(tree, '/s:Envelope/s:Header/a:Action') or ''
    check('ault' in action, f'the action of a fault is {action}')
    code = local_name(fault, 's:Code/s:Value')
    check(code in ((NS['s'], 'Sender'), (NS['s'], 'Receiver')), f'code {code}')
    subcode = local_name(fault, 's:Code/s:Subcode/s:Value')
    check(subcode[1] == options.subcode, f'subcode {subcode}, not {options.subcode}')
    number = None
    detail = fault.xpath('s:Detail/e:CertificateEnrollmentWSDetail', namespaces=NS)
    if options.hresult is not None and check(len(detail) == 1, 'no CertificateEnrollmentWSDetail'):
        number = int(text_of(detail[0], 'e:ErrorCode') or 0)
        check(-(2**31) <= number < 0, f'ErrorCode {number} is no failure')
        check(number & 0xFFFFFFFF == int(options.hresult, 16), f'ErrorCode {number & 0xFFFFFFFF:#x}, not {options.hresult}')
    return {'code': code[1], 'subcode': subcode[1], 'hresult': number, 'text': text_of(fault, 's:Reason/s:Text')}


def local_name(element, path):
    """A QName in text, with its prefix resolved where it stands."""
    found = element.xpath(path, namespaces=NS)
    if not found:
        return (None, None)
    prefix, _, name = (found[0].text or '').strip().rpartition(':')
    return (found[0].nsmap.get(prefix or None), name)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest='command', required=True)
    for name in ('policies', 'issued', 'pending', 'fault'):
        command = commands.add_parser(name)
        command.add_argument('answer')
        command.add_argument('--relates-to', required=True)
    commands.choices['policies'].add_argument('--kind', choices=('person', 'computer'))
    issued = commands.choices['issued']
    issued.add_argument('--root', required=True)
    for name in ('request', 'leaf', 'chain'):
        issued.add_argument('--' + name)
    commands.choices['pending'].add_argument('--uri', required=True)
    commands.choices['fault'].add_argument('--subcode', required=True)
    commands.choices['fault'].add_argument('--hresult')
    options = parser.parse_args()
    judge = {'policies': judge_policies, 'issued': judge_issued, 'pending': judge_pending, 'fault': judge_fault}
    try:
        found = judge[options.command](options)
    except (etree.XMLSyntaxError, ValueError, TypeError, IndexError, KeyError) as error:
        problem(f'{type(error).__name__}: {error}')
        found = {}
    for each in problems:
        print(each, file=sys.stderr)
    json.dump(found, sys.stdout)
    sys.exit(1 if problems else 0)


main()

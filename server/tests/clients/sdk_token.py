"""openstacksdk with its plug-in for this family of APIs against a running server, requests with a token. In: URL, project, token and a form. It
exits with 1 and says what differs where the SDK cannot read an answer as it should.

pip install otcextensions==0.34.8
"""
import json
import sys

import openstack
from openstack import exceptions
from otcextensions.sdk import load

URL, PROJECT, TOKEN = sys.argv[1:4]
FORM = json.loads(open(sys.argv[4]).read())
faults = []


def connect(token):
    auth = {"token": token, "endpoint": f"{URL}/v2/{PROJECT}"}
    connection = openstack.connection.Connection(auth_type="admin_token", auth=auth, region_name="here")
    load(connection)
    return connection.apig


def expect(what, seen, wanted):
    if seen != wanted:
        faults.append(f"{what}: {seen!r} instead of {wanted!r}")


def status(call):
    try:
        call()
    except exceptions.HttpException as error:
        return error.status_code
    return 200


gateway = connect(TOKEN)
made = gateway.create_ssl_certificate(**FORM)
expect("made", (made.name, bool(made.id), bool(made.san)), (FORM["name"], True, True))
expect("shown", gateway.get_ssl_certificate(made.id).serial_number, made.serial_number)
# What was answered can be sent back.
again = gateway.update_ssl_certificate(made.id, **{**FORM, "name": "by_the_plugin", "type": "global", "instance_id": "common"})
expect("changed", again.name, "by_the_plugin")
expect("listed", [entry.id for entry in gateway.ssl_certificates(name="by_the_plugin")], [made.id])
expect("a certificate as its key", status(lambda: gateway.update_ssl_certificate(made.id, **{**FORM, "private_key": FORM["cert_content"]})), 400)
expect("a wrong token", status(lambda: list(connect("wrong").ssl_certificates())), 401)
gateway.delete_ssl_certificate(made.id)
expect("what is deleted", status(lambda: gateway.get_ssl_certificate(made.id)), 404)

print("\n".join(faults))
sys.exit(bool(faults))

"""The vendor's public SDK against a running server, requests signed with an access key. In: URL, project, access key, secret key, and two
forms. It exits with 1 and says what differs where the SDK cannot read an answer as it should.

pip install huaweicloudsdkapig==3.1.219
"""
import json
import sys

from huaweicloudsdkapig import v2 as api
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

URL, PROJECT, ACCESS, SECRET = sys.argv[1:5]
FIRST, SECOND = (json.loads(open(name).read()) for name in sys.argv[5:7])
faults = []


def connect(secret=SECRET, project=PROJECT):
    builder = api.ApigClient.new_builder().with_credentials(BasicCredentials(ACCESS, secret, project))
    return builder.with_endpoints([URL]).build()


def expect(what, seen, wanted):
    if seen != wanted:
        faults.append(f"{what}: {seen!r} instead of {wanted!r}")


def status(call, request):
    """The status and the API's code that the SDK reads from an error; 200 where there is none."""
    try:
        call(request)
    except ClientRequestException as error:
        return error.status_code, error.error_code
    return 200, None


def form(values, **changes):
    return api.CertificateForm(**{**values, **changes})


def update(identifier, values, **changes):
    return api.UpdateCertificateV2Request(certificate_id=identifier, body=form(values, **changes))


client = connect()
one = client.create_certificate_v2(api.CreateCertificateV2Request(body=form(FIRST)))
two = client.create_certificate_v2(api.CreateCertificateV2Request(body=form(SECOND)))
expect("names", (one.name, two.name), (FIRST["name"], SECOND["name"]))
for key in ("common_name", "san", "not_after", "signature_algorithm", "create_time", "update_time", "algorithm_type"):
    expect(f"{key} is there", bool(getattr(one, key)), True)
shown = client.show_details_of_certificate_v2(api.ShowDetailsOfCertificateV2Request(certificate_id=one.id))
expect("shown", (shown.id, shown.serial_number, shown.issuer), (one.id, one.serial_number, one.issuer))
changed = client.update_certificate_v2(update(one.id, FIRST, name="by_the_sdk"))
expect("changed", (changed.id, changed.name, changed.create_time), (one.id, "by_the_sdk", one.create_time))
taken = update(one.id, FIRST, name=SECOND["name"])
expect("a taken name", status(client.update_certificate_v2, taken), (400, "APIG.3325"))
other_key = update(one.id, FIRST, private_key=SECOND["private_key"])
expect("another key", status(client.update_certificate_v2, other_key), (400, "APIG.2101"))
listed = client.list_certificates_v2(api.ListCertificatesV2Request(name="by_the_sdk"))
expect("listed", [entry.id for entry in listed.certs], [one.id])
page = client.list_certificates_v2(api.ListCertificatesV2Request(offset=1, limit=1, algorithm_type=["RSA", "ECC"]))
expect("page", (page.size, page.total, page.certs[0].id), (1, 2, two.id))
everything = api.ListCertificatesV2Request()
expect("a wrong secret", status(connect(secret=SECRET + "x").list_certificates_v2, everything), (401, "APIG.1002"))
expect("another project", status(connect(project="0" * 32).list_certificates_v2, everything), (403, "APIG.1005"))
for made in (one, two):
    client.delete_certificate_v2(api.DeleteCertificateV2Request(certificate_id=made.id))
gone = api.ShowDetailsOfCertificateV2Request(certificate_id=one.id)
expect("what is deleted", status(client.show_details_of_certificate_v2, gone), (404, "APIG.3025"))

print("\n".join(faults))
sys.exit(bool(faults))

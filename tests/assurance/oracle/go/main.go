// Says what Go's crypto/x509 reads in certificates: a line of hex DER in, a line of JSON out, {"error": …} where Go refuses.
// The fields are those of the API's response (API page, table 4); what a certificate does not have is left out.
// With the argument "pairs": a line {"certificates": PEM, "key": PEM} in, a JSON string out, empty where tls.X509KeyPair takes the pair, else its error.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

type metadata struct {
	CommonName         string   `json:"common_name,omitempty"`
	San                []string `json:"san,omitempty"`
	Version            int      `json:"version"`
	Organization       []string `json:"organization,omitempty"`
	OrganizationalUnit []string `json:"organizational_unit,omitempty"`
	Locality           []string `json:"locality,omitempty"`
	State              []string `json:"state,omitempty"`
	Country            []string `json:"country,omitempty"`
	NotBefore          string   `json:"not_before"`
	NotAfter           string   `json:"not_after"`
	SerialNumber       string   `json:"serial_number"`
	Issuer             []string `json:"issuer,omitempty"`
	SignatureAlgorithm string   `json:"signature_algorithm"`
}

// The object identifier of the signature: Go prints 0 for an algorithm that it does not know.
func signatureOid(der []byte) string {
	var certificate struct {
		Tbs       asn1.RawValue
		Algorithm struct {
			Oid        asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &certificate); err != nil {
		return err.Error()
	}
	return certificate.Algorithm.Oid.String()
}

func read(line string) any {
	der, err := hex.DecodeString(line)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	const form = "2006-01-02T15:04:05Z"
	algorithm := certificate.SignatureAlgorithm.String()
	if certificate.SignatureAlgorithm == x509.UnknownSignatureAlgorithm {
		algorithm = signatureOid(der)
	}
	return metadata{
		CommonName:         certificate.Subject.CommonName,
		San:                certificate.DNSNames,
		Version:            certificate.Version,
		Organization:       certificate.Subject.Organization,
		OrganizationalUnit: certificate.Subject.OrganizationalUnit,
		Locality:           certificate.Subject.Locality,
		State:              certificate.Subject.Province,
		Country:            certificate.Subject.Country,
		NotBefore:          certificate.NotBefore.UTC().Format(form),
		NotAfter:           certificate.NotAfter.UTC().Format(form),
		SerialNumber:       certificate.SerialNumber.String(),
		Issuer:             certificate.Issuer.Organization,
		SignatureAlgorithm: algorithm,
	}
}

func pair(line string) any {
	var form struct{ Certificates, Key string }
	if err := json.Unmarshal([]byte(line), &form); err != nil {
		return "not read: " + err.Error()
	}
	if _, err := tls.X509KeyPair([]byte(form.Certificates), []byte(form.Key)); err != nil {
		return err.Error()
	}
	return ""
}

func main() {
	answer := read
	if len(os.Args) > 1 && os.Args[1] == "pairs" {
		answer = pair
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		line, err := json.Marshal(answer(in.Text()))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		out.Write(append(line, '\n'))
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

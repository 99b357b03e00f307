using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Matriarch.Wire;

/// <summary>
/// The channel binding <c>tls-server-end-point</c> (RFC 5929, 4.1): the hash of the server's certificate by the hash of
/// its signature, but by SHA-256 where that is MD5 or SHA-1. A signature without one hash of its own (Ed25519), or with
/// one that is not known here, has no such binding; PostgreSQL refuses to bind then too (be_tls_get_certificate_hash).
/// </summary>
public static class TlsServerEndPoint
{
    private const string Pss = "1.2.840.113549.1.1.10"; // RSASSA-PSS, whose parameters name the hash (RFC 4055, 3.1)

    /// <summary>The binding of a certificate in DER; null when it has none, or is malformed.</summary>
    public static byte[]? TryCompute(ReadOnlySpan<byte> certificate)
    {
        try
        {
            return HashOf(certificate) switch
            {
                "SHA256" => SHA256.HashData(certificate),
                "SHA384" => SHA384.HashData(certificate),
                "SHA512" => SHA512.HashData(certificate),
                _ => null,
            };
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280, 4.1)
    private static string? HashOf(ReadOnlySpan<byte> certificate)
    {
        var reader = new AsnReader(certificate.ToArray(), AsnEncodingRules.DER);
        var outer = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        outer.ReadEncodedValue();
        var algorithm = outer.ReadSequence();
        outer.ReadBitString(out _);
        outer.ThrowIfNotEmpty();
        var signature = algorithm.ReadObjectIdentifier();
        return signature == Pss ? HashOfPss(algorithm) : HashOfSignature(signature);
    }

    private static string? HashOfPss(AsnReader algorithm)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        var parameters = algorithm.ReadSequence();
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(tag)
            ? HashOfDigest(parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier())
            : "SHA256"; // the default is SHA-1
    }

    // RSA (RFC 8017, appendix A.2.4), ECDSA (RFC 5758, 3.2), DSA.
    private static string? HashOfSignature(string id) => id switch
    {
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" => "SHA256",
        "1.2.840.113549.1.1.12" => "SHA384",
        "1.2.840.113549.1.1.13" => "SHA512",
        "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" => "SHA256",
        "1.2.840.10045.4.3.3" => "SHA384",
        "1.2.840.10045.4.3.4" => "SHA512",
        "1.2.840.10040.4.3" or "2.16.840.1.101.3.4.3.2" => "SHA256",
        _ => null,
    };

    private static string? HashOfDigest(string id) => id switch
    {
        "1.2.840.113549.2.5" or "1.3.14.3.2.26" or "2.16.840.1.101.3.4.2.1" => "SHA256",
        "2.16.840.1.101.3.4.2.2" => "SHA384",
        "2.16.840.1.101.3.4.2.3" => "SHA512",
        _ => null,
    };
}

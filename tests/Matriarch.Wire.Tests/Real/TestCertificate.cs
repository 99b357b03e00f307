using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Matriarch.TestKit;

namespace Matriarch.Wire.Tests;

/// <summary>Certificates that sign themselves, valid for a day.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Rsa(HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var key = RSA.Create(2048);
        return Sign(new CertificateRequest("CN=localhost", key, hash, padding));
    }

    public static X509Certificate2 Ecdsa(HashAlgorithmName hash)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest("CN=localhost", key, hash));
    }

    private static X509Certificate2 Sign(CertificateRequest request)
    {
        var now = TestTime.Real.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

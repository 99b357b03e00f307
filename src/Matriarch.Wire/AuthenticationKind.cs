namespace Matriarch.Wire;

/// <summary>The first word of an Authentication message (PostgreSQL documentation, "Message Formats").</summary>
public static class AuthenticationKind
{
    public const int Ok = 0;
    public const int KerberosV5 = 2;
    public const int CleartextPassword = 3;
    public const int Md5Password = 5;
    public const int Gss = 7;
    public const int GssContinue = 8;
    public const int Sspi = 9;
    public const int Sasl = 10;
    public const int SaslContinue = 11;
    public const int SaslFinal = 12;
}

namespace Matriarch.Wire;

/// <summary>The first word of an Authentication message (PostgreSQL documentation, "Message Formats").</summary>
public static class AuthenticationKind
{
    public const int Ok = 0;
    public const int Sasl = 10;
    public const int SaslContinue = 11;
    public const int SaslFinal = 12;
}

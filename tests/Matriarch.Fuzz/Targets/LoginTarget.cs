using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>
/// Logins, seen from everywhere: a mock lets nobody in, who is let in has the key, and a server that is believed has
/// the verifier.
/// </summary>
internal sealed class LoginTarget : IFuzzTarget
{
    private static readonly ScramVerifier Mock = ScramVerifier.Mock("ana"u8, new byte[32], 1);

    private static readonly byte[] ClientKey =
        ScramKeys.OfPassword("pencil"u8, Logins.Verifier.Salt, Logins.Verifier.Iterations).ClientKey;

    public string Name => "login";

    public void Play(Script script, Random random)
    {
        var channel = random.Next(2) == 0 ? ScramChannel.Plain : Logins.Bound;
        var real = new ScramServer(Logins.Verifier, "ana", channel, Logins.ServerNonce);
        var mock = new ScramServer(Mock, "ana", channel, Logins.ServerNonce);
        var byKeys = new ScramLogin(
            LoginCredential.OfKeys(ClientKey, Logins.Verifier.ServerKey.ToArray()), channel, Logins.ClientNonce);
        var blind = new ScramLogin(LoginCredential.OfKeys(ClientKey), channel, Logins.ClientNonce);
        var md5 = new ScramLogin(LoginCredential.OfPassword("x"u8).AlsoByMd5("ana"u8), channel);
        var witness = new LoginWitness();
        foreach (var (side, bytes) in script.Parts)
        {
            foreach (var (_, body) in Pieces.Messages(bytes))
            {
                if (side == Side.Client)
                {
                    witness.Client(body);
                    Judge(real.Take(body));
                    Check.That(mock.Take(body) is not ScramServerStep.Accepted, "a mock let somebody in");
                }
                else
                {
                    witness.Server(body);
                    Answer(byKeys, body);
                    Answer(blind, body);
                    if (body.AsSpan().IndexOf(",i="u8) < 0) // else it may ask for honest work
                    {
                        Answer(md5, body);
                    }
                }
            }
        }

        Recover(witness);
    }

    private static void Judge(ScramServerStep step) => Check.That(
        step is not ScramServerStep.Accepted accepted || accepted.ClientKey.AsSpan().SequenceEqual(ClientKey),
        "somebody was let in with another key");

    private static void Answer(ScramLogin login, byte[] body)
    {
        var wasRefused = login.Refusal is not null;
        var answer = login.Answer(body);
        Check.That(answer is null == login.Refusal is not null, "a refusal without a reason");
        Check.That(!wasRefused || answer is null, "an answer after a refusal");
    }

    private static void Recover(LoginWitness witness)
    {
        if (witness is { AuthMessage: { } signed, Proof: { } proof })
        {
            var key = ScramKeys.RecoverClientKey(Logins.Verifier, signed, proof);
            Check.That(key is null || key.AsSpan().SequenceEqual(ClientKey), "a key was recovered that is none");
        }

        witness.Forget();
        Check.That(witness.Proof is null, "a proof was kept");
    }
}

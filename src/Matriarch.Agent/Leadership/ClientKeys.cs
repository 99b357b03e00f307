using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Wire;

namespace Matriarch.Agent;

/// <summary>
/// Gives the key of a role to who can show a right proof of one of its logins, and nothing to anyone else. Verifiers
/// are read from the local PostgreSQL, standby or primary, and leave this process in no form.
/// </summary>
internal static class ClientKeys
{
    private const int MostBytes = 8 * 1024;

    /// <exception cref="UserException">The role has no such verifier, or the proof is not right.</exception>
    /// <exception cref="FormatException">The request is malformed.</exception>
    public static async Task<ClientKeyDocument> RecoverAsync(
        ClientKeyRequest? request, PostgresServer server, CancellationToken cancellation)
    {
        if (request is not { User.Length: > 0 and < 256, AuthMessage.Length: < MostBytes, Proof.Length: < 256 })
        {
            throw new FormatException("a client key is asked for with user, authMessage and proof");
        }

        var (verifier, problem) = await server.ReadVerifierAsync(request.User, cancellation);
        if (problem is not null)
        {
            throw new UserException($"PostgreSQL cannot be asked for the verifier: {problem}", "ask another node");
        }

        var key = verifier is null
            ? null
            : ScramKeys.RecoverClientKey(
                verifier, Convert.FromBase64String(request.AuthMessage), Convert.FromBase64String(request.Proof));

        // One refusal for all: whether a role exists is no answer to a wrong proof.
        return key is null
            ? throw new UserException("the proof is not one of this role's", "the password may have been changed")
            : new ClientKeyDocument(Convert.ToBase64String(key));
    }
}

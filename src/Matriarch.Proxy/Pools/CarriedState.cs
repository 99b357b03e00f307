using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Proxy;

/// <summary>
/// What a session carries and what a server connection carries, in one form: a client may go on at once with a
/// connection that carries the same.
/// </summary>
/// <param name="Key">Equal for equal states; empty for nothing.</param>
/// <param name="State">Null for nothing.</param>
internal sealed record CarriedState(string Key, SessionState? State)
{
    /// <summary>That of a connection just logged in.</summary>
    public static readonly CarriedState Nothing = new("", null);

    /// <summary>That of a connection of which nothing is known, so everything is taken away first.</summary>
    public static readonly CarriedState Unknown = new("unknown", new SessionState
    {
        Settings = [], Statements = [], Channels = [], Reported = new Dictionary<string, string>(),
    });

    /// <summary>The form of what a server has told.</summary>
    public static CarriedState Of(SessionState state)
    {
        if (state.Settings.Count == 0 && state.Statements.Count == 0 && state.Channels.Count == 0
            && state.SessionUser is null && state.Role is null)
        {
            return Nothing;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in state.Settings.Select(s => Line("set", s.Name, s.Value))
            .Concat(state.Statements.Select(s => Line(
                s.IsSql ? "sql" : "parse", s.Name, s.Sql, Encoding.ASCII.GetBytes(string.Join(',', s.Types)))))
            .Concat(state.Channels.Select(c => Line("listen", c)))
            .Append(Line("user", state.SessionUser ?? []))
            .Append(Line("role", state.Role ?? []))
            .Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.ASCII.GetBytes(line));
        }

        return new CarriedState(Convert.ToHexString(hash.GetHashAndReset()), state);
    }

    // In hexadecimal: no part can run into the next.
    private static string Line(string kind, params byte[][] parts) =>
        $"{kind} {string.Join(' ', parts.Select(Convert.ToHexString))}\n";
}

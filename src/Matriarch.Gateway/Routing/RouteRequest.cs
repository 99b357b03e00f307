using System.Text;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>
/// What a client asks for with its database name: <c>name</c> or <c>name@primary</c> for the primary,
/// <c>name@replica</c> for any replica, <c>name@tag</c> for a replica with this tag. The suffix is what follows the
/// last <c>@</c>, so a database whose own name has one is reached as <c>odd@name@primary</c>.
/// </summary>
/// <param name="Kind">Which kind of node.</param>
/// <param name="Tag">The tag; empty for the other kinds.</param>
/// <param name="Database">The name without suffix, as the client's bytes; empty = the user's name, as in
/// PostgreSQL.</param>
internal sealed record RouteRequest(RouteKind Kind, string Tag, ReadOnlyMemory<byte> Database)
{
    /// <summary>Reads the request out of a startup message.</summary>
    public static RouteRequest From(StartupMessage message)
    {
        var database = message.Find("database"u8) ?? default;
        var at = database.Span.LastIndexOf((byte)'@');
        if (at < 0)
        {
            return new RouteRequest(RouteKind.Primary, "", database);
        }

        var suffix = Encoding.UTF8.GetString(database.Span[(at + 1)..]);
        var kind = suffix switch
        {
            "primary" => RouteKind.Primary,
            "replica" => RouteKind.Replica,
            _ => RouteKind.Tagged,
        };
        return new RouteRequest(kind, kind == RouteKind.Tagged ? suffix : "", database[..at]);
    }
}

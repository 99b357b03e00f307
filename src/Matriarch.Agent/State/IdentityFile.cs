using System.Security.Cryptography;
using System.Text.Json;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// The durable state of a node, one small file beside its data directory: written to a temporary name, fsynced,
/// renamed, and the directory fsynced, so that a crash leaves the old content or the new, never a mixture.
/// </summary>
internal sealed class IdentityFile(string path)
{
    /// <summary>The file's name within node.directory.</summary>
    public const string FileName = "agent-state.json";

    private readonly Lock _writing = new();

    /// <summary>
    /// Reads the state, or begins a new life when there is none. A damaged file is kept aside and counts as lost: its
    /// promises cannot be known, so the node must not be the voter that it was.
    /// </summary>
    public (NodeIdentity Identity, string? Warning) LoadOrCreate()
    {
        string? warning = null;
        if (File.Exists(path))
        {
            if (TryRead() is { } identity)
            {
                return (identity, null);
            }

            File.Move(path, path + ".damaged", overwrite: true);
            warning = $"{path} is damaged and was kept as {path}.damaged; "
                + "this node joins its instance again as a new voter";
        }

        var fresh = new NodeIdentity(NewIncarnation(), Promise.None, SystemIdentifier.None);
        Write(fresh);
        return (fresh, warning);
    }

    /// <summary>Makes the state durable before it returns.</summary>
    public void Write(NodeIdentity identity)
    {
        var document = new Document(
            identity.Incarnation.Value, identity.Promise.Term.Value, identity.Promise.Kind, identity.Promise.Node.Value,
            identity.Promise.Nonce, identity.System.Value, identity.Promise.Accepted.Value);
        lock (_writing)
        {
            DurableFile.Replace(path, JsonSerializer.Serialize(document, IdentityJson.Default.Document));
        }
    }

    private NodeIdentity? TryRead()
    {
        try
        {
            var document = JsonSerializer.Deserialize(File.ReadAllText(path), IdentityJson.Default.Document);
            return document is null || document.Incarnation == 0
                ? null
                : new NodeIdentity(
                    new Incarnation(document.Incarnation),
                    new Promise(
                        new Term(document.Term), document.Kind,
                        document.Node.Length == 0 ? default : new NodeId(document.Node),
                        document.Nonce)
                    {
                        Accepted = new Term(document.Accepted),
                    },
                    new SystemIdentifier(document.System));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private static Incarnation NewIncarnation() =>
        new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1);

    /// <summary>The file's shape.</summary>
    internal sealed record Document(
        ulong Incarnation, uint Term, PromiseKind Kind, string Node, ulong Nonce, ulong System, uint Accepted);
}

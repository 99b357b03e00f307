using System.Text;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// The settings that a startup packet asks for: its parameters that name settings, and those in <c>options</c>, as
/// PostgreSQL reads that (pg_split_opts and process_postgres_switches in postgres.c).
/// </summary>
internal static class StartupOptions
{
    private const string Malformed = "invalid command-line argument for server process: ";

    /// <summary>Names and values in the client's bytes, later ones instead of earlier ones of the same
    /// name.</summary>
    /// <returns>The settings, or why PostgreSQL would refuse the packet.</returns>
    public static (IReadOnlyList<(byte[] Name, byte[] Value)> Settings, ServerMessage? Refusal) Read(
        StartupMessage startup)
    {
        var settings = new List<(byte[] Name, byte[] Value)>();
        if (startup.Find("options"u8) is { } options
            && ReadOptions(Encoding.Latin1.GetString(options.Span), settings) is { } refusal)
        {
            return ([], refusal);
        }

        // Behind those of "options", which they override (process_startup_options in postinit.c).
        foreach (var (name, value) in startup.Parameters)
        {
            if (!IsOwn(name.Span))
            {
                Add(settings, name.ToArray(), value.ToArray());
            }
        }

        return (settings, null);
    }

    private static bool IsOwn(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("user"u8) || name.SequenceEqual("database"u8) || name.SequenceEqual("options"u8)
        || name.SequenceEqual("replication"u8) || name.StartsWith("_pq_."u8);

    private static ServerMessage? ReadOptions(string options, List<(byte[] Name, byte[] Value)> settings)
    {
        var words = Split(options);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            string assignment;
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                assignment = word[2..];
            }
            else if (word.StartsWith("-c", StringComparison.Ordinal))
            {
                assignment = word.Length > 2 ? word[2..] : i + 1 < words.Count ? words[++i] : "";
            }
            else
            {
                return Refuse(word);
            }

            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                return Refuse(word);
            }

            // Dashes are underscores there (ParseLongOption in guc.c).
            var name = assignment[..equals].Replace('-', '_');
            Add(settings, Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(assignment[(equals + 1)..]));
        }

        return null;
    }

    private static ServerMessage Refuse(string word) => ServerMessage.Fatal(
        "42601", Malformed + word, hint: "Settings are given as \"-c name=value\" or \"--name=value\".");

    /// <summary>At white space; a backslash takes the next character as it is.</summary>
    private static List<string> Split(string options)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isInWord = false;
        for (var i = 0; i < options.Length; i++)
        {
            var c = options[i];
            if (c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
            {
                if (isInWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isInWord = false;
                }

                continue;
            }

            isInWord = true;
            if (c == '\\' && i + 1 < options.Length)
            {
                c = options[++i];
            }

            word.Append(c);
        }

        if (isInWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static void Add(List<(byte[] Name, byte[] Value)> settings, byte[] name, byte[] value)
    {
        settings.RemoveAll(s => Ascii.EqualsIgnoreCase(s.Name, name));
        settings.Add((name, value));
    }
}

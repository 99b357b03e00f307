using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>matriarch.rule: the rules of the instance as rows in the database itself, ordered with the data in the
/// WAL.</summary>
internal static class RuleTable
{
    /// <summary>What a new instance is made with. Statements end in a semicolon and an empty line (single-user
    /// mode).</summary>
    public const string Definition = """
        CREATE SCHEMA matriarch;

        CREATE TABLE matriarch.rule (
            term bigint NOT NULL,
            revision int NOT NULL,
            leader text NOT NULL,
            voters text[] NOT NULL,
            policy text NOT NULL,
            system_identifier bigint NOT NULL,
            decided_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (term, revision));

        COMMENT ON TABLE matriarch.rule IS
        'Who leads this instance and whose acknowledgements count. Written by Matriarch; never change it by hand.';


        """;

    private const string Columns = "term, revision, leader, array_to_string(voters, ' '), policy";

    public const string SelectNewest =
        $"SELECT {Columns} FROM matriarch.rule ORDER BY term DESC, revision DESC LIMIT 1";

    public const string SelectOne = $"SELECT {Columns} FROM matriarch.rule WHERE term = $1 AND revision = $2";

    public const string Insert = """
        INSERT INTO matriarch.rule (term, revision, leader, voters, policy, system_identifier)
        SELECT $1, $2, $3, string_to_array($4, ' '), $5, system_identifier FROM pg_control_system()
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The parameters of <see cref="Insert"/>.</summary>
    public static object[] Parameters(Rule rule) =>
        [(long)rule.Term.Value, rule.Revision, rule.Leader.Value, VotersText(rule), rule.Policy.ToString()];

    /// <summary><see cref="Insert"/> with literals, for single-user mode; every part of a rule has a safe
    /// alphabet.</summary>
    public static string InsertText(Rule rule) => string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO matriarch.rule (term, revision, leader, voters, policy, system_identifier)
        SELECT {rule.Term.Value}, {rule.Revision}, '{rule.Leader}', string_to_array('{VotersText(rule)}', ' '),
        '{rule.Policy}', system_identifier FROM pg_control_system();


        """);

    private static string VotersText(Rule rule) => string.Join(' ', rule.Voters);

    /// <summary>Reads a row of the columns above.</summary>
    /// <exception cref="FormatException">Somebody changed the row by hand.</exception>
    public static Rule Read(NpgsqlDataReader reader)
    {
        var voters = ImmutableArray.CreateBuilder<Voter>();
        foreach (var text in reader.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            var (voter, cell) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
            var parts = voter.Split('@');
            if (parts.Length != 2
                || !ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out var incarnation))
            {
                throw new FormatException($"matriarch.rule names the voter \"{text}\"");
            }

            voters.Add(new Voter(new NodeId(parts[0]), new Incarnation(incarnation), cell));
        }

        var term = reader.GetInt64(0);
        return term is < 0 or > uint.MaxValue
            ? throw new FormatException($"matriarch.rule has the term {term}")
            : new Rule(
                new Term((uint)term), reader.GetInt32(1), new NodeId(reader.GetString(2)), voters.ToImmutable(),
                DurabilityPolicy.Parse(reader.GetString(4)));
    }
}

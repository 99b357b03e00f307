using System.Globalization;
using System.Text;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// The question to a server what the session behind it carries, and the reading of its answer, without IO. PostgreSQL
/// is asked once, at a transaction edge, instead of watching every statement: that costs nothing until then, and sees
/// what functions did. It cannot list custom settings (GUC_NO_SHOW_ALL of placeholders in guc.c), so those are asked
/// for by the names that the client's statements and the functions of the database contain.
/// </summary>
internal sealed class StateQuery(byte[] user, IReadOnlyCollection<string> customSettings)
{
    /// <summary>Bytes of an answer; a session that carries more stays where it is.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private const int Statements = 5;

    // Everything is qualified: the session's search_path may hide pg_catalog. Dollar quotes, because the session may
    // treat backslashes in any other constant in its own way. Objects below 16384 are PostgreSQL's own. Functions
    // instead of the views over them, and pg_depend, which names whatever is in a schema, instead of each catalog: most
    // backends have never asked any of this before, and clients wait while it is planned.
    private const string Template = """
        SELECT name, setting FROM pg_catalog.pg_show_all_settings()
        WHERE source = 'session' AND name NOT IN
            ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable', 'role',
             'session_authorization', 'is_superuser', 'seed')
        UNION ALL
        SELECT n, pg_catalog.current_setting(n, true)
        FROM (
            SELECT pg_catalog.unnest(ARRAY[{0}]::pg_catalog.text[])
            UNION
            SELECT pg_catalog.lower(coalesce(m[1], m[2]))
            FROM pg_catalog.pg_proc p, LATERAL pg_catalog.regexp_matches(p.prosrc,
                $re$set_config\s*\(\s*'(\w+\.[\w.]+)'|\mset\s+(?:session\s+)?(\w+\.\w+)$re$, 'gi') m
            WHERE p.oid OPERATOR(pg_catalog.>=) 16384 AND p.prosrc OPERATOR(pg_catalog.~*) 'set'
        ) c (n)
        WHERE n NOT IN (SELECT s.name FROM pg_catalog.pg_show_all_settings() s)
            AND pg_catalog.current_setting(n, true) IS NOT NULL;
        SELECT name, statement, parameter_types::pg_catalog.oid[]::pg_catalog.text, from_sql
        FROM pg_catalog.pg_prepared_statement();
        SELECT pg_catalog.quote_ident(c) FROM pg_catalog.pg_listening_channels() c;
        SELECT session_user, pg_catalog.current_setting('role'), CASE
            WHEN EXISTS (SELECT FROM pg_catalog.pg_lock_status()
                WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid())
                THEN 'it holds session advisory locks'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_depend
                WHERE refclassid = 2615 AND refobjid = pg_catalog.pg_my_temp_schema())
                THEN 'it has temporary tables or other temporary objects'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_cursor() WHERE is_holdable)
                THEN 'it has cursors WITH HOLD' END;
        SELECT n, pg_catalog.current_setting(n, true) FROM pg_catalog.unnest(ARRAY['application_name',
            'client_encoding', 'DateStyle', 'default_transaction_read_only', 'in_hot_standby', 'integer_datetimes',
            'IntervalStyle', 'is_superuser', 'scram_iterations', 'search_path', 'server_encoding', 'server_version',
            'session_authorization', 'standard_conforming_strings', 'TimeZone']) n
        """;

    private readonly List<(byte[], byte[])> _settings = [];
    private readonly List<SessionState.PreparedStatement> _statements = [];
    private readonly List<byte[]> _channels = [];
    private readonly Dictionary<string, string> _reported = new(StringComparer.Ordinal);
    private byte[]? _sessionUser;
    private byte[]? _role;
    private string? _unmovable;
    private int _statement;
    private int _bytes;

    /// <summary>The answer; null until it is complete.</summary>
    public StateAnswer? Answer { get; private set; }

    /// <summary>What to send.</summary>
    public ReadOnlyMemory<byte> Question
    {
        get
        {
            // Names are of a safe alphabet: CustomSettings takes no others.
            var names = string.Join(", ", customSettings.Select(n => $"'{n}'"));
            var sql = Template.Replace("{0}", names, StringComparison.Ordinal);
            return new FrontendWriter().Query(Encoding.ASCII.GetBytes(sql)).Bytes;
        }
    }

    /// <summary>Takes a message of the server; true when it belongs to the answer, false when it is for the
    /// client.</summary>
    public bool Take(byte code, ReadOnlySpan<byte> body)
    {
        switch (code)
        {
            case BackendCode.NotificationResponse or BackendCode.ParameterStatus or BackendCode.NoticeResponse:
                return false;
            case BackendCode.DataRow:
                TakeRow(body);
                return true;
            case BackendCode.CommandComplete:
                _statement++;
                return true;
            case BackendCode.ErrorResponse:
                var error = ServerMessage.TryParse(body);
                var why = $"the server did not tell what it carries: {error?.Message ?? "an error"}";
                _unmovable ??= why;
                Answer = error is null or { IsFatal: true } ? new StateAnswer.Lost(why) : null;
                return true;
            case BackendCode.ReadyForQuery:
                Answer = Complete();
                return true;
            default:
                return true; // descriptions of rows
        }
    }

    private StateAnswer Complete()
    {
        if (_unmovable is null && (_statement != Statements || _reported.Count == 0))
        {
            _unmovable = "the server's answer was not complete";
        }

        return _unmovable is { } why
            ? new StateAnswer.Unmovable(why)
            : new StateAnswer.Told(new SessionState
            {
                Settings = _settings,
                Statements = _statements,
                Channels = _channels,
                SessionUser = _sessionUser,
                Role = _role,
                Reported = _reported,
            });
    }

    private void TakeRow(ReadOnlySpan<byte> body)
    {
        _bytes += body.Length;
        if (_bytes > MostBytes)
        {
            _unmovable ??= $"it carries more than {MostBytes >> 20} MB";
            return;
        }

        if (DataRow.TryParse(body) is not { } row || !TryTakeRow(row))
        {
            _unmovable ??= "the server's answer was not understood";
        }
    }

    private bool TryTakeRow(IReadOnlyList<byte[]?> row)
    {
        switch (_statement, row)
        {
            case (0, [{ } name, { } value]):
                _settings.Add((name, value));
                return true;
            case (1, [{ } name, { } sql, { } types, [var fromSql]]):
                return TryTakeStatement(name, sql, types, fromSql == 't');
            case (2, [{ } channel]):
                _channels.Add(channel);
                return true;
            case (3, [{ } sessionUser, { } role, var obstacle]):
                _sessionUser = sessionUser.AsSpan().SequenceEqual(user) ? null : sessionUser;
                _role = role.AsSpan().SequenceEqual("none"u8) ? null : role;
                _unmovable ??= obstacle is null ? null : Encoding.UTF8.GetString(obstacle);
                return true;
            case (4, [{ } name, var value]):
                if (value is not null)
                {
                    _reported[Encoding.ASCII.GetString(name)] = Encoding.Latin1.GetString(value);
                }

                return true;
            default:
                return false;
        }
    }

    private bool TryTakeStatement(byte[] name, byte[] sql, byte[] types, bool isSql)
    {
        if (isSql && !IsPrepareAlone(sql))
        {
            // The text is that of the whole request (PrepareQuery in prepare.c): sending it again would run the rest.
            _unmovable ??= "it has a statement that was prepared by SQL among other statements";
            return true;
        }

        var ids = new List<uint>();
        foreach (var id in Encoding.ASCII.GetString(types).Trim('{', '}')
            .Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            ids.Add(number);
        }

        _statements.Add(new SessionState.PreparedStatement(name, sql, [.. ids], isSql));
        return true;
    }

    /// <summary>Errs to the safe side: a semicolon inside a constant counts too.</summary>
    private static bool IsPrepareAlone(byte[] sql)
    {
        var text = sql.AsSpan().Trim(" \t\r\n;"u8);
        return text.Length > 8 && Ascii.EqualsIgnoreCase(text[..7], "PREPARE"u8) && text[7] is 32 or 9 or 10 or 13
            && text.IndexOf((byte)';') < 0;
    }
}

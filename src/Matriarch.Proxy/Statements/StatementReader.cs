using System.Collections.Frozen;
using System.Text;

namespace Matriarch.Proxy;

/// <summary>
/// Tells what a statement may do by its words. It errs to one side only: what it takes for harmless is. What it cannot
/// see is in functions, so those that may change a session are given by name.
/// </summary>
internal static class StatementReader
{
    /// <summary>Bytes that are read; a longer text may do anything.</summary>
    public const int MaxRead = 16 * 1024;

    private const StatementEffects Session = StatementEffects.ChangesSession;
    private const StatementEffects Anything = Session | StatementEffects.ChangesFunctions;

    private static readonly FrozenDictionary<string, StatementEffects> Words =
        new Dictionary<string, StatementEffects>
        {
            // Wherever they stand: SET LOCAL ends with its transaction, but UPDATE … SET must not cost a question, so
            // SET is told apart below; all others are rare in statements that do not mean them.
            ["reset"] = Session, ["discard"] = Session, ["listen"] = Session, ["unlisten"] = Session,
            ["prepare"] = Session, ["deallocate"] = Session, ["execute"] = Anything, ["hold"] = Session,
            ["load"] = StatementEffects.LeavesUnseen, ["do"] = Session, ["call"] = Anything,
            ["temp"] = Session, ["temporary"] = Session, ["pg_temp"] = Session, ["set_config"] = Session,
            ["pg_advisory_lock"] = Session, ["pg_advisory_lock_shared"] = Session,
            ["pg_try_advisory_lock"] = Session, ["pg_try_advisory_lock_shared"] = Session,
            ["pg_advisory_unlock"] = Session, ["pg_advisory_unlock_shared"] = Session,
            ["pg_advisory_unlock_all"] = Session,
            ["setseed"] = StatementEffects.LeavesUnseen, ["dblink_connect"] = StatementEffects.LeavesUnseen,
            ["dblink_connect_u"] = StatementEffects.LeavesUnseen,
            ["create"] = StatementEffects.ChangesFunctions, ["alter"] = StatementEffects.ChangesFunctions,
            ["drop"] = StatementEffects.ChangesFunctions, ["import"] = StatementEffects.ChangesFunctions,
            ["currval"] = StatementEffects.ReadsSequence, ["lastval"] = StatementEffects.ReadsSequence,
        }.ToFrozenDictionary();

    private static readonly int Longest = Words.Keys.Max(w => w.Length);

    /// <summary>Reads a text of one or more statements.</summary>
    /// <param name="sql">As much of it as there is.</param>
    /// <param name="isWhole">Whether that is all.</param>
    /// <param name="functions">Names, in lower case, of functions that may change a session.</param>
    public static StatementEffects Read(ReadOnlySpan<byte> sql, bool isWhole, IReadOnlySet<string> functions)
    {
        if (!isWhole || sql.Length > MaxRead)
        {
            return Anything;
        }

        var effects = StatementEffects.None;
        var words = new SqlWords(sql);
        var isFirst = true;
        var wasOn = false; // ON CONFLICT DO: the only DO that is not a block of code
        while (words.MoveNext())
        {
            var word = words.Word;
            if (word.IsEmpty)
            {
                isFirst = true;
                continue;
            }

            effects |= EffectsOf(word, words.IsQuoted, isFirst, ref wasOn, functions);
            isFirst = false;
        }

        return words.IsCutOff ? effects | Session : effects;
    }

    private static StatementEffects EffectsOf(
        ReadOnlySpan<byte> word, bool isQuoted, bool isFirst, ref bool wasOn, IReadOnlySet<string> functions)
    {
        if (functions.Count > 0 && IsAmong(functions, word))
        {
            return Session;
        }

        if (word.Length > Longest)
        {
            return StatementEffects.None;
        }

        Span<char> lower = stackalloc char[word.Length];
        if (Ascii.ToLower(word, lower, out _) != System.Buffers.OperationStatus.Done)
        {
            return StatementEffects.None; // none of ours has such letters
        }

        if (!isQuoted && lower is "set")
        {
            return isFirst ? Session : StatementEffects.None;
        }

        if (!isQuoted && lower is "conflict")
        {
            wasOn = true;
        }
        else if (!isQuoted && wasOn && lower is "do")
        {
            wasOn = false;
            return StatementEffects.None;
        }

        return Words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(lower, out var effects)
            ? effects : StatementEffects.None;
    }

    private static bool IsAmong(IReadOnlySet<string> functions, ReadOnlySpan<byte> word) =>
        functions.Contains(Encoding.UTF8.GetString(word).ToLowerInvariant());
}

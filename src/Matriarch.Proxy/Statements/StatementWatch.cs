using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// What a client's statements may have done to its session since somebody asked. A statement that was prepared does it
/// when it is bound, perhaps many transactions later.
/// </summary>
/// <param name="functions">Names, in lower case, of functions that may change a session; asked each time.</param>
internal sealed class StatementWatch(Func<IReadOnlySet<string>> functions)
{
    /// <summary>Bytes of a message that have to be here before it is looked at: a text, a name and types.</summary>
    public const int InspectedBody = StatementReader.MaxRead + 1024;

    private const StatementEffects Anything = StatementEffects.ChangesSession | StatementEffects.ChangesFunctions;
    private const int MostStatements = 1024;

    private readonly Dictionary<string, StatementEffects> _prepared = new(StringComparer.Ordinal);
    private StatementEffects _effects;
    private bool _hasLostTrack;

    /// <summary>All since the last call.</summary>
    public StatementEffects Take()
    {
        var effects = _effects;
        _effects = StatementEffects.None;
        return effects;
    }

    /// <summary>A Query.</summary>
    /// <param name="text">Its text, or as much as there is, with the zero.</param>
    /// <param name="isWhole">Whether that is all.</param>
    public void NoteQuery(ReadOnlySpan<byte> text, bool isWhole) => _effects |= Read(text, isWhole);

    /// <summary>A Parse.</summary>
    public void NoteParse(string name, ReadOnlySpan<byte> text, bool isWhole)
    {
        var effects = Read(text, isWhole);
        if (name.Length > 0)
        {
            _effects |= StatementEffects.ChangesSession; // the statement itself is what the session carries
        }

        if (effects == StatementEffects.None)
        {
            _prepared.Remove(name);
        }
        else if (_prepared.Count < MostStatements || _prepared.ContainsKey(name))
        {
            _prepared[name] = effects;
        }
        else
        {
            _hasLostTrack = true;
        }
    }

    /// <summary>A Bind of a statement, which its Execute may run.</summary>
    public void NoteBind(string statement) =>
        _effects |= _prepared.GetValueOrDefault(statement) | (_hasLostTrack ? Anything : StatementEffects.None);

    /// <summary>A statement is closed.</summary>
    public void NoteClose(string statement)
    {
        _prepared.Remove(statement);
        _effects |= StatementEffects.ChangesSession;
    }

    /// <summary>Something whose text is not seen: a function call by its number.</summary>
    public void NoteUnknown() => _effects |= Anything;

    private StatementEffects Read(ReadOnlySpan<byte> text, bool isWhole)
    {
        var end = text.IndexOf((byte)0);
        return StatementReader.Read(end < 0 ? text : text[..end], end >= 0 || isWhole, functions());
    }
}

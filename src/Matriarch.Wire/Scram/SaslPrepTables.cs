namespace Matriarch.Wire;

/// <summary>
/// The tables of RFC 3454 that <see cref="SaslPrep"/> needs, and normalization form KC of the code points that Unicode
/// 3.2 has (others are prohibited). Our own, because the runtime normalizes nothing but ASCII without ICU. Made by
/// build/make-saslprep-tables.py, which tells their form; read when the first password outside of ASCII comes.
/// </summary>
internal sealed class SaslPrepTables
{
    // Hangul syllables are computed (Unicode standard, 3.12).
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly Lazy<SaslPrepTables> Loaded = new(() => new SaslPrepTables());

    private readonly byte[] _bytes;
    private readonly Dictionary<int, int> _classes = [];
    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int, int), int> _composites = [];
    private int _at;

    private SaslPrepTables()
    {
        using var stream = typeof(SaslPrepTables).Assembly.GetManifestResourceStream("saslprep.bin")!;
        _bytes = new byte[stream.Length];
        stream.ReadExactly(_bytes);
        Spaces = ReadRanges();
        Nothing = ReadRanges();
        Prohibited = ReadRanges();
        Unassigned = ReadRanges();
        RightToLeft = ReadRanges();
        LeftToRight = ReadRanges();
        ReadEach(code => _classes[code] = Read());
        ReadEach(code => _decompositions[code] = [.. Enumerable.Range(0, Read()).Select(_ => Read())]);
        ReadEach(code => _composites[(Read(), Read())] = code);
        _bytes = [];
    }

    public static SaslPrepTables Instance => Loaded.Value;

    public CodePointRanges Spaces { get; }

    public CodePointRanges Nothing { get; }

    public CodePointRanges Prohibited { get; }

    public CodePointRanges Unassigned { get; }

    public CodePointRanges RightToLeft { get; }

    public CodePointRanges LeftToRight { get; }

    /// <summary>Normalization form KC (Unicode Standard Annex 15).</summary>
    public List<int> Normalize(List<int> text)
    {
        var parts = new List<int>(text.Count);
        foreach (var code in text)
        {
            Decompose(code, parts);
        }

        Order(parts);
        return Compose(parts);
    }

    private void Decompose(int code, List<int> parts)
    {
        var syllable = code - SyllableBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails)
        {
            parts.Add(LeadBase + (syllable / (Vowels * Trails)));
            parts.Add(VowelBase + (syllable / Trails % Vowels));
            if (syllable % Trails != 0)
            {
                parts.Add(TrailBase + (syllable % Trails));
            }
        }
        else if (_decompositions.TryGetValue(code, out var decomposed))
        {
            parts.AddRange(decomposed);
        }
        else
        {
            parts.Add(code);
        }
    }

    /// <summary>Canonical ordering: marks behind their starter by class, those of one class as they came.</summary>
    private void Order(List<int> parts)
    {
        for (var first = 0; first < parts.Count; first++)
        {
            var end = first;
            while (end < parts.Count && ClassOf(parts[end]) != 0)
            {
                end++;
            }

            if (end - first > 1)
            {
                var ordered = parts[first..end].OrderBy(ClassOf).ToList(); // stable
                parts.RemoveRange(first, end - first);
                parts.InsertRange(first, ordered);
            }

            first = end;
        }
    }

    private List<int> Compose(List<int> parts)
    {
        var text = new List<int>(parts.Count);
        var starter = -1;
        var last = 0; // class of the mark before, 0 right behind the starter
        foreach (var code in parts)
        {
            var own = ClassOf(code);
            var isBlocked = starter != text.Count - 1 && last >= own;
            if (starter >= 0 && !isBlocked && TryCompose(text[starter], code) is { } composite)
            {
                text[starter] = composite;
                continue;
            }

            if (own == 0)
            {
                starter = text.Count;
            }

            last = own;
            text.Add(code);
        }

        return text;
    }

    private int? TryCompose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
        {
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Trails);
        }

        var syllable = first - SyllableBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0
            && second is > TrailBase and < TrailBase + Trails)
        {
            return first + second - TrailBase;
        }

        return _composites.TryGetValue((first, second), out var composite) ? composite : null;
    }

    private int ClassOf(int code) => _classes.GetValueOrDefault(code);

    private CodePointRanges ReadRanges()
    {
        var ranges = new (int, int)[Read()];
        var last = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            var first = last + Read();
            last = first + Read();
            ranges[i] = (first, last);
        }

        return new CodePointRanges(ranges);
    }

    private void ReadEach(Action<int> read)
    {
        var count = Read();
        var code = 0;
        for (var i = 0; i < count; i++)
        {
            code += Read();
            read(code);
        }
    }

    private int Read()
    {
        var (value, shift) = (0, 0);
        while (true)
        {
            var part = _bytes[_at++];
            value |= (part & 0x7F) << shift;
            shift += 7;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}

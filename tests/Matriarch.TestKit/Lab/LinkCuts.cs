using System.Collections.Immutable;

namespace Matriarch.TestKit;

/// <summary>
/// Which one-way links of a lab are cut, and how many times: two faults may cut the same link, and it is whole again
/// when both have taken their cut back.
/// </summary>
internal sealed class LinkCuts
{
    private readonly Dictionary<(string From, string To), int> _cuts = [];

    /// <summary>All that are cut, in a stable order.</summary>
    public ImmutableArray<(string From, string To)> All => [.. _cuts.Keys.Order()];

    /// <summary>Whether nothing passes from one host to another, or nothing the other way round.</summary>
    public bool Separates(string one, string other) =>
        _cuts.ContainsKey((one, other)) || _cuts.ContainsKey((other, one));

    /// <summary>Cuts links once more.</summary>
    /// <returns>Those that were whole.</returns>
    public ImmutableArray<(string From, string To)> Add(IEnumerable<(string From, string To)> links)
    {
        var whole = ImmutableArray.CreateBuilder<(string From, string To)>();
        foreach (var link in links)
        {
            _cuts[link] = _cuts.GetValueOrDefault(link) + 1;
            if (_cuts[link] == 1)
            {
                whole.Add(link);
            }
        }

        return whole.ToImmutable();
    }

    /// <summary>Takes a cut of each of these links back; a link that is not cut stays whole.</summary>
    /// <returns>Those that are whole from here on.</returns>
    public ImmutableArray<(string From, string To)> Remove(IEnumerable<(string From, string To)> links)
    {
        var mended = ImmutableArray.CreateBuilder<(string From, string To)>();
        foreach (var link in links.Where(_cuts.ContainsKey))
        {
            _cuts[link]--;
            if (_cuts[link] == 0)
            {
                _cuts.Remove(link);
                mended.Add(link);
            }
        }

        return mended.ToImmutable();
    }

    /// <summary>Forgets all.</summary>
    /// <returns>Those that were cut.</returns>
    public ImmutableArray<(string From, string To)> Clear()
    {
        var all = All;
        _cuts.Clear();
        return all;
    }
}

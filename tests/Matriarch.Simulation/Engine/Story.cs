using System.Globalization;
using System.Text;

namespace Matriarch.Simulation;

/// <summary>The last things that happened, kept unformatted until somebody wants to read them.</summary>
internal sealed class Story(int length)
{
    private readonly (long At, int Node, string What, object? A, object? B)[] _lines =
        new (long, int, string, object?, object?)[length];
    private long _count;

    public void Add(long at, int node, string what, object? a = null, object? b = null) =>
        _lines[_count++ % _lines.Length] = (at, node, what, a, b);

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = Math.Max(0, _count - _lines.Length); i < _count; i++)
        {
            var (at, node, what, a, b) = _lines[i % _lines.Length];
            var name = node < 0 ? "*" : ((char)('a' + node)).ToString();
            text.Append(CultureInfo.InvariantCulture, $"{at / 10_000_000.0,9:F4} {name} {what} {a} {b}").Append('\n');
        }

        return text.ToString();
    }
}

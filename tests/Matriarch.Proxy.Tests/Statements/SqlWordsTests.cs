using System.Text;

namespace Matriarch.Proxy.Tests;

public sealed class SqlWordsTests
{
    [Theory]
    [InlineData("SELECT a, b.c FROM t WHERE x = 1", "SELECT a b c FROM t WHERE x")]
    [InlineData("select 'set x' from \"Set y\"", "select from [Set y]")]
    [InlineData("a;b ; c", "a ; b ; c")]
    [InlineData("select 'it''s' , x", "select x")]
    [InlineData("select E'it\\'s set' , x", "select x")]
    [InlineData("select e'\\\\' , x", "select x")]
    [InlineData("select E'a''b' , x", "select x")]
    [InlineData("select 'a\\' , x, 'b'", "select x")]
    [InlineData("select B'01', X'ff', N'n', U&'d\\0061t' , x", "select U x")]
    [InlineData("select foo'bar'", "select foo")]
    [InlineData("select $1, $2::text, $$set x$$, $a$ $$ set $b$ $a$, y$1$z", "select text y$1$z")]
    [InlineData("select -- set x\n y -- z", "select y")]
    [InlineData("select /* set /* nested */ x */ y", "select y")]
    [InlineData("select a-b, c- -d, e/f, g*/h", "select a b c d e f g h")]
    [InlineData("select 1e5, 0x1f, 12abc, 1.5, .5e3 x", "select x")]
    [InlineData("größe := naïve", "größe naïve")]
    [InlineData("", "")]
    [InlineData("   \t\n", "")]
    public void Words_are_those_outside_of_constants_and_comments(string sql, string expected) =>
        Assert.Equal(expected, Outline(sql, out _));

    [Theory]
    [InlineData("select 'never closed")]
    [InlineData("select E'never closed\\'")]
    [InlineData("select E'\\")]
    [InlineData("select \"never closed")]
    [InlineData("select $x$ never closed $y$")]
    [InlineData("select /* never /* closed */")]
    public void A_text_that_ends_inside_something_says_so(string sql)
    {
        Outline(sql, out var isCutOff);
        Assert.True(isCutOff);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_bytes_come_to_an_end(int seed)
    {
        var random = new Random(seed);
        const string Pieces = "'\"$-/*;\\Ee abc019_\n\u00e9";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string(
                [.. Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)])]);
            var bytes = Encoding.UTF8.GetBytes(text);
            var words = new SqlWords(bytes);
            var count = 0;
            while (words.MoveNext())
            {
                Assert.True(++count <= bytes.Length, text);
            }
        }
    }

    private static string Outline(string sql, out bool isCutOff)
    {
        var found = new List<string>();
        var words = new SqlWords(Encoding.UTF8.GetBytes(sql));
        while (words.MoveNext())
        {
            var word = Encoding.UTF8.GetString(words.Word);
            found.Add(words.Word.IsEmpty ? ";" : words.IsQuoted ? $"[{word}]" : word);
        }

        isCutOff = words.IsCutOff;
        return string.Join(' ', found);
    }
}

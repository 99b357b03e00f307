using System.Text;

namespace Matriarch.Wire.Tests;

/// <summary>Examples of RFC 4013, section 3, and of normalization; a real PostgreSQL is asked in
/// <see cref="RealLoginTests"/>.</summary>
public sealed class SaslPrepTests
{
    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\uFB01", "fi")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")] // Hangul
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("a\u0323\u0307", "\u1EA1\u0307")] // marks in the order of their class
    [InlineData("a\u0307\u0323", "\u1EA1\u0307")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u0958", "\u0915\u093C")] // never composed
    [InlineData("\u0627\u0031\u0628", "\u06271\u0628")] // right to left, with a number
    public void Text_is_prepared(string password, string prepared) => Assert.Equal(prepared, Prepare(password));

    [Theory]
    [InlineData("\u0007")] // prohibited, but ASCII is never looked at
    [InlineData("e\u0301\u0085")] // prohibited
    [InlineData("e\u0301\U0001F600")] // not in Unicode 3.2
    [InlineData("\u0627e\u0301")] // two directions
    [InlineData("\u06271")] // does not end with its direction
    [InlineData("\u00AD")] // nothing is left
    public void What_cannot_be_prepared_is_taken_as_it_is(string password) =>
        Assert.Equal(password, Prepare(password));

    [Fact]
    public void What_is_no_text_is_taken_as_it_is()
    {
        byte[] latin = [0xE4, 0x20, 0xFC];
        Assert.Equal(latin, SaslPrep.Prepare(latin));
        byte[] surrogate = [0xED, 0xA0, 0x80];
        Assert.Equal(surrogate, SaslPrep.Prepare(surrogate));
    }

    [Fact]
    public void Garbage_never_throws()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var runes = Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(0x30000))
                .Where(c => c is < 0xD800 or > 0xDFFF);
            var text = Encoding.UTF8.GetBytes(string.Concat(runes.Select(char.ConvertFromUtf32)));
            var prepared = SaslPrep.Prepare(text);
            Assert.Equal(prepared, SaslPrep.Prepare(prepared)); // a password that is prepared stays what it is
        }
    }

    private static string Prepare(string password) =>
        Encoding.UTF8.GetString(SaslPrep.Prepare(Encoding.UTF8.GetBytes(password)));
}

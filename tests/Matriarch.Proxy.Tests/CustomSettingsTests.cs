using System.Text;

namespace Matriarch.Proxy.Tests;

/// <summary>The names of custom settings in statements: PostgreSQL does not list them.</summary>
public sealed class CustomSettingsTests
{
    [Theory]
    [InlineData("SET app.user = 'x'", "app.user")]
    [InlineData("set session  App.Tenant to 5", "App.Tenant")]
    [InlineData("select 1; SET a.b TO 1", "a.b")]
    [InlineData("SELECT set_config('app.user', $1, false)", "app.user")]
    [InlineData("SELECT pg_catalog.SET_CONFIG ( 'x.y', 'v', false), set_config('x.z','v',false)", "x.y x.z")]
    [InlineData("UPDATE t SET a = 1", "")]
    [InlineData("SELECT * FROM t OFFSET 5.5", "")]
    [InlineData("SELECT reset.a", "")]
    [InlineData("SET search_path = a", "")]
    [InlineData("SET", "")]
    [InlineData("set_config", "")]
    [InlineData("SET app.x'; DROP TABLE a;--", "app.x")]
    public void Names_are_found_where_they_are_set(string sql, string names)
    {
        var settings = Noted(sql);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), settings.Names.Order());
        Assert.Null(settings.Obstacle);
    }

    [Theory]
    [InlineData("SELECT set_config($1, $2, false)")]
    [InlineData("SELECT set_config($1, f(a, true), $3)")]
    [InlineData("SELECT set_config('a' || '.b', 'x', false)")]
    [InlineData("SELECT set_config('a.b'::text, 'x', false)")]
    [InlineData("SELECT set_config($1, $2")]
    [InlineData("set_config(")]
    public void A_name_that_is_no_constant_cannot_be_known(string sql) => Assert.NotNull(Noted(sql).Obstacle);

    [Theory]
    [InlineData("SELECT set_config($1, $2, true)")]
    [InlineData("SELECT set_config($1, coalesce($2, f(1, 2)), TRUE )")]
    public void What_ends_with_its_transaction_does_not_matter(string sql) => Assert.Null(Noted(sql).Obstacle);

    [Fact]
    public void Too_many_names_are_refused_instead_of_collected()
    {
        var settings = new CustomSettings();
        for (var i = 0; i < 100; i++)
        {
            settings.Note(Encoding.ASCII.GetBytes($"SET a.b{i} = 1"));
        }

        Assert.Equal(64, settings.Names.Count);
        Assert.NotNull(settings.Obstacle);
    }

    [Fact]
    public void Garbage_does_no_harm()
    {
        var random = new Random(1);
        var letters = "sSeEtT_config( .'$,)tru;"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var text = new byte[random.Next(40)];
            for (var n = 0; n < text.Length; n++)
            {
                text[n] = letters[random.Next(letters.Length)];
            }

            var settings = new CustomSettings();
            settings.Note(text);
            Assert.All(settings.Names, name => Assert.Matches("^[A-Za-z0-9_$.]+$", name));
        }
    }

    private static CustomSettings Noted(string sql)
    {
        var settings = new CustomSettings();
        settings.Note(Encoding.ASCII.GetBytes(sql));
        return settings;
    }
}

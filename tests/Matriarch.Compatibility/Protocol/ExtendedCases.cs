namespace Matriarch.Compatibility;

/// <summary>Parse, Bind, Describe, Execute, Close, Flush and Sync.</summary>
internal static class ExtendedCases
{
    public static IReadOnlyDictionary<string, Func<RawSession, Task>> All { get; } =
        new Dictionary<string, Func<RawSession, Task>>
        {
            ["one query"] = s => s.Run("SELECT 1, 'x', NULL").Sync().UntilAsync('Z'),
            ["nothing but Sync"] = s => s.Sync().Sync().Sync().UntilAsync('Z', 3),
            ["Flush without anything"] = s => s.Flush().Flush().Sync().UntilAsync('Z'),
            ["Flush without Sync"] = async s =>
            {
                await s.Parse("", "SELECT 1").Flush().UntilAsync('1');
                await s.Bind("", "").Flush().UntilAsync('2');
                await s.Execute("").Flush().UntilAsync('C');
                await s.Sync().UntilAsync('Z');
            },
            ["Describe before Parse"] = s => s.Describe('S', "none").Parse("none", "SELECT 1").Sync().UntilAsync('Z'),
            ["Describe of the unnamed before Parse"] = s => s.Describe('S', "").Sync().UntilAsync('Z'),
            ["Describe of a portal before Bind"] = s => s.Describe('P', "").Sync().UntilAsync('Z'),
            ["Describe of what is neither"] = s => s.Describe('X', "").Sync().UntilAsync('Z'),
            ["Bind before Parse"] = s => s.Bind("", "none").Execute("").Sync().UntilAsync('Z'),
            ["Execute before Bind"] = s => s.Execute("none").Sync().UntilAsync('Z'),
            ["an error skips until Sync"] = s => s.Parse("", "SELECT nothing").Bind("", "").Execute("")
                .Query("SELECT 1")
                .Parse("a", "SELECT 2").Flush().Sync().Run("SELECT 3").Sync().UntilAsync('Z', 2),
            ["an error, and no Sync for a while"] = async s =>
            {
                await s.Parse("", "SELECT nothing").Flush().UntilAsync('E');
                await s.Run("SELECT 1").Flush().SendAsync();
                await s.Sync().UntilAsync('Z');
            },
            ["an error at Bind"] = s => s.Parse("b", "SELECT $1::int").Bind("", "b", "x").Execute("").Sync()
                .Bind("", "b", "1").Execute("").Sync().UntilAsync('Z', 2),
            ["an error at Execute, after rows"] = s => s.Run("SELECT 10 / (3 - i) FROM generate_series(1, 9) i").Sync()
                .UntilAsync('Z'),
            ["wrong numbers of values"] = s => s.Parse("n", "SELECT $1::int, $2::int").Bind("", "n", "1").Sync()
                .Bind("", "n", "1", "2", "3").Sync().Bind("", "n", null, "2").Execute("").Sync().UntilAsync('Z', 3),
            ["portals suspended"] = s => s.Parse("", "SELECT generate_series(1, 7)").Bind("p", "").Execute("p", 3)
                .Execute("p", 3).Execute("p", 3).Execute("p", 3).Sync().UntilAsync('Z'),
            ["a suspended portal is gone after Sync"] = s => s.Parse("", "SELECT generate_series(1, 7)").Bind("p", "")
                .Execute("p", 3).Sync().Execute("p", 3).Sync().UntilAsync('Z', 2),
            ["a suspended portal lives in a transaction"] = async s =>
            {
                await s.Query("BEGIN").UntilAsync('Z');
                await s.Parse("", "SELECT generate_series(1, 7)").Bind("p", "").Execute("p", 3).Sync().UntilAsync('Z');
                await s.Execute("p", 2).Sync().UntilAsync('Z');
                await s.Query("SELECT 'between'").UntilAsync('Z');
                await s.Execute("p").Close('P', "p").Execute("p").Sync().UntilAsync('Z');
                await s.Query("ROLLBACK").UntilAsync('Z');
            },
            ["two portals in turn"] = s => s.Query("BEGIN").Parse("g", "SELECT $1 || generate_series(1, 4)")
                .Bind("a", "g", "a").Bind("b", "g", "b").Execute("a", 1).Execute("b", 2).Execute("a", 2).Execute("b")
                .Execute("a").Sync().Query("COMMIT").UntilAsync('Z', 3),
            ["a portal that exists"] = s => s.Parse("", "SELECT 1").Bind("p", "").Bind("p", "").Sync().UntilAsync('Z'),
            ["a statement that exists"] = s => s.Parse("p", "SELECT 1").Parse("p", "SELECT 2").Sync().UntilAsync('Z'),
            ["the unnamed statement is replaced"] = s => s.Parse("", "SELECT 1").Parse("", "SELECT 2").Bind("", "")
                .Execute("").Sync().UntilAsync('Z'),
            ["the unnamed statement across Sync"] = s => s.Parse("", "SELECT $1::text").Sync().Bind("", "", "x")
                .Execute("")
                .Sync().Bind("", "", "y").Execute("").Sync().UntilAsync('Z', 3),
            ["the unnamed statement after a Query"] = s => s.Parse("", "SELECT 1").Sync().Query("SELECT 2").Bind("", "")
                .Execute("").Sync().UntilAsync('Z', 3),
            ["the unnamed statement after a broken Parse"] = s => s.Parse("", "SELECT 1").Sync().Parse("", "SELEC")
                .Sync()
                .Bind("", "").Execute("").Sync().UntilAsync('Z', 3),
            ["Close of what does not exist"] = s => s.Close('S', "none").Close('P', "none").Close('S', "")
                .Close('P', "")
                .Sync().UntilAsync('Z'),
            ["Close of a statement with an open portal"] = s => s.Query("BEGIN")
                .Parse("c", "SELECT generate_series(1, 3)")
                .Bind("p", "c").Execute("p", 1).Close('S', "c").Execute("p", 1).Sync().Query("END").UntilAsync('Z', 3),
            ["Close, then Parse of the same name"] = s => s.Parse("x", "SELECT 1").Close('S', "x")
                .Parse("x", "SELECT 2")
                .Bind("", "x").Execute("").Sync().UntilAsync('Z'),
            ["a named statement from SQL and back"] = s => s.Query("PREPARE sql_made (int) AS SELECT $1 + 1")
                .Bind("", "sql_made", "1").Describe('S', "sql_made").Execute("").Sync()
                .Parse("wire_made", "SELECT 'wire'")
                .Sync().Query("EXECUTE wire_made").Query("DEALLOCATE wire_made").Describe('S', "wire_made").Sync()
                .UntilAsync('Z', 6),
            ["DEALLOCATE ALL, then the name"] = s => s.Parse("d", "SELECT 1").Sync().Query("DEALLOCATE ALL")
                .Bind("", "d")
                .Sync().Parse("d", "SELECT 2").Bind("", "d").Execute("").Sync().UntilAsync('Z', 4),
            ["a cached plan whose result changes"] = s => s.Query("CREATE TABLE ch (i int)")
                .Parse("ch", "SELECT * FROM ch")
                .Bind("", "ch").Execute("").Sync().Query("ALTER TABLE ch ADD COLUMN j int").Bind("", "ch")
                .Execute("").Sync().Query("DROP TABLE ch").UntilAsync('Z', 5),
            ["an implicit transaction until Sync"] = s => s.Run("CREATE TABLE im (i int)").Run("SELECT 1/0").Sync()
                .Query("SELECT to_regclass('im')").UntilAsync('Z', 2),
            ["BEGIN and COMMIT in a pipeline"] = s => s.Run("BEGIN").Run("SELECT 1").Run("COMMIT").Sync().Run("BEGIN")
                .Sync()
                .Run("SELECT nothing").Sync().Run("SELECT 1").Sync().Run("ROLLBACK").Sync().UntilAsync('Z', 5),
            ["VACUUM in a pipeline"] = s => s.Run("SELECT 1").Run("VACUUM").Sync().Run("VACUUM").Sync()
                .UntilAsync('Z', 2),
            ["empty texts"] = s => s.Run("").Run(" -- nothing").Run(";").Sync().UntilAsync('Z'),
            ["two statements in one Parse"] = s => s.Run("SELECT 1; SELECT 2").Sync().UntilAsync('Z'),
            ["binary results"] = s => s.Parse("", "SELECT 1::int4, 'x'::text, 1.5::float8, '\\x00ff'::bytea")
                .BindBinary("", "")
                .Describe('P', "").Execute("").Sync().UntilAsync('Z'),
            ["types that are told and not told"] = s => s.Parse("t", "SELECT $1, $2::int8, $3", 23, 0, 25)
                .Describe('S', "t")
                .Parse("u", "SELECT $1").Describe('S', "u").Parse("v", "SELECT $1 + $2").Sync().UntilAsync('Z'),
            ["a hundred pipelined queries"] = s =>
            {
                for (var i = 0; i < 100; i++)
                {
                    s.Parse($"q{i % 7}_{i}", "SELECT $1::int * 2").Bind("", $"q{i % 7}_{i}", $"{i}").Execute("").Sync();
                }

                return s.UntilAsync('Z', 100);
            },
        };
}

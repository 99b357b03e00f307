namespace Matriarch.Compatibility;

/// <summary>
/// Drivers: each a program that runs the same list of cases in its own way and prints what it saw, one section a case.
/// </summary>
public sealed class DriverTests(TwoSides sides)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Drivers");

    [Fact]
    public Task Psycopg_3_sees_the_same() => PythonAsync("psycopg");

    [Fact]
    public Task Psycopg_2_sees_the_same() => PythonAsync("psycopg2");

    [Fact]
    public Task Asyncpg_sees_the_same() => PythonAsync("asyncpg");

    [Fact]
    public Task Node_postgres_sees_the_same()
    {
        // artifacts/npm, where ./test installs it.
        var modules = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../npm/node_modules"));
        var node = ToolRun.Find("node");
        ToolRun.Require(node is not null, "node");
        ToolRun.Require(Directory.Exists(Path.Combine(modules, "pg")), "the npm package pg");
        return Differential.AssertSameAsync(sides, "driver/node-postgres", side => ToolRun.RunAsync(
            side, null, "/usr/bin/env", $"NODE_PATH={modules}", node!, "--no-deprecation",
            Path.Combine(Folder, "node-postgres.js")));
    }

    [Fact]
    public Task Jdbc_sees_the_same()
    {
        const string Driver = "/usr/share/java/postgresql.jar";
        var java = ToolRun.Find("java");
        ToolRun.Require(java is not null, "java");
        ToolRun.Require(File.Exists(Driver), Driver);
        return Differential.AssertSameAsync(sides, "driver/jdbc", side => ToolRun.RunAsync(
            side, null, java!, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", Driver,
            Path.Combine(Folder, "Jdbc.java")));
    }

    [Fact]
    public Task Npgsql_sees_the_same() =>
        Differential.AssertSameAsync(sides, "driver/npgsql", NpgsqlCases.RunAsync);

    private Task PythonAsync(string module)
    {
        const string Python = "/usr/bin/python3"; // for which Debian's packages are
        ToolRun.Require(File.Exists(Python), Python);
        ToolRun.Require(
            Directory.Exists($"/usr/lib/python3/dist-packages/{module}"), $"the Python package {module}");
        return Differential.AssertSameAsync(sides, $"driver/{module}", side => ToolRun.RunAsync(
            side, null, Python, "-B", "-u", Path.Combine(Folder, module + "_cases.py")));
    }
}

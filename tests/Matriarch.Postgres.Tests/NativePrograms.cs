using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

/// <summary>
/// The programs of PostgreSQL 17 in a directory of their own. A package that has only the server (initdb, pg_ctl,
/// postgres) is enough: nothing here copies or rewinds, and pg_controldata is a few numbers of a file.
/// </summary>
internal sealed class NativePrograms : IAsyncDisposable
{
    /// <summary>Names the directory of PostgreSQL 17's programs; without it these tests are skipped.</summary>
    public const string Variable = "MATRIARCH_POSTGRES_17";

    // Offsets of ControlFileData in PostgreSQL 17 (pg_control.h).
    private const string ControlData = """
        #!/bin/sh
        [ "$1" = -D ] && file=$2/global/pg_control
        number() { od -An -v -j "$1" -N "$2" -t "u$2" "$file" | tr -d ' '; }
        lsn() { printf '%X/%X\n' "$(number $(($1 + 4)) 4)" "$(number "$1" 4)"; }
        echo "Database system identifier: $(number 0 8)"
        case $(number 16 4) in
            1) state='shut down' ;; 2) state='shut down in recovery' ;; 5) state='in archive recovery' ;;
            *) state='in production' ;;
        esac
        echo "Database cluster state: $state"
        echo "Latest checkpoint location: $(lsn 32)"
        echo "Latest checkpoint's TimeLineID: $(number 48 4)"
        echo "Minimum recovery ending location: $(lsn 136)"
        echo "Min recovery ending loc's timeline: $(number 144 4)"

        """;

    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    private readonly TestDirectory _directory;

    private NativePrograms(TestDirectory directory) => _directory = directory;

    public string Path => _directory.Path;

    public static async Task<NativePrograms> FindAsync()
    {
        var installed = Environment.GetEnvironmentVariable(Variable) ?? "";
        Assert.SkipUnless(Directory.Exists(installed), $"{Variable} names no directory with PostgreSQL 17");
        var programs = new NativePrograms(await TestDirectory.CreateAsync());
        foreach (var name in new[] { "initdb", "postgres", "pg_ctl" })
        {
            Write(programs, name, $"#!/bin/sh\nexec {System.IO.Path.Combine(installed, name)} \"$@\"\n");
        }

        foreach (var name in new[] { "pg_basebackup", "pg_rewind" })
        {
            Write(programs, name, "#!/bin/sh\nexit 1\n");
        }

        Write(programs, "pg_controldata", ControlData);
        return programs;
    }

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    private static void Write(NativePrograms programs, string name, string content)
    {
        var file = System.IO.Path.Combine(programs.Path, name);
        File.WriteAllText(file, content);
        File.SetUnixFileMode(file, Everybody);
    }
}

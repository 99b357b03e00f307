using Matriarch.Agent;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent.Tests;

public sealed class IdentityFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-identity-").FullName;

    private string FilePath => Path.Combine(_directory, IdentityFile.FileName);

    [Fact]
    public void A_missing_file_begins_a_new_life_that_the_next_start_remembers()
    {
        var (first, warning) = new IdentityFile(FilePath).LoadOrCreate();
        var (second, _) = new IdentityFile(FilePath).LoadOrCreate();

        Assert.Null(warning);
        Assert.NotEqual(default, first.Incarnation);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_promise_survives_and_the_file_is_only_for_its_owner()
    {
        var file = new IdentityFile(FilePath);
        var (identity, _) = file.LoadOrCreate();
        var next = identity with
        {
            Promise = new Promise(new Term(9), PromiseKind.Recruited, new NodeId("b"), 77) { Accepted = new Term(8) },
            System = new SystemIdentifier(ulong.MaxValue),
        };

        file.Write(next);

        Assert.Equal(next, new IdentityFile(FilePath).LoadOrCreate().Identity);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"incarnation\": 0}")]
    [InlineData(
        """{"incarnation":1,"term":1,"kind":"Following","node":"NOT A NAME","nonce":0,"system":0}""")]
    public void A_damaged_file_is_kept_aside_and_counts_as_lost_promises(string content)
    {
        File.WriteAllText(FilePath, content);

        var (identity, warning) = new IdentityFile(FilePath).LoadOrCreate();

        Assert.NotNull(warning);
        Assert.Equal(Promise.None, identity.Promise);
        Assert.Equal(content, File.ReadAllText(FilePath + ".damaged"));
    }

    [Fact]
    public void A_second_agent_on_the_same_directory_is_refused()
    {
        using var first = NodeLock.Take(_directory);
        var refused = Assert.Throws<UserException>(() => NodeLock.Take(_directory));
        Assert.Contains(_directory, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

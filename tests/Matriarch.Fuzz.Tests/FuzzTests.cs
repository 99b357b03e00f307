using Matriarch.Wire;

namespace Matriarch.Fuzz.Tests;

/// <summary>A short run of the fuzzer, that it finds what there is to find, and every finding of longer runs.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_short_run_finds_nothing(int seed)
    {
        var fuzzer = new Fuzzer(seed, _directory, Fuzzer.AllTargets);
        fuzzer.Run(() => fuzzer.Scripts < 5_000);
        Assert.True(
            fuzzer.Findings.Count == 0, string.Join('\n', fuzzer.Findings.Select(f => $"{f.Target}: {f.What}")));
        Assert.Equal(5_000 * Fuzzer.AllTargets.Count, fuzzer.Executions);
    }

    [Fact]
    public void Every_valid_conversation_is_borne_by_all()
    {
        var fuzzer = new Fuzzer(1, _directory, Fuzzer.AllTargets);
        foreach (var script in Conversations.All)
        {
            fuzzer.Replay(script);
        }

        Assert.Empty(fuzzer.Findings);
    }

    [Fact]
    public void What_a_longer_run_has_found_stays_put_right()
    {
        var fuzzer = new Fuzzer(1, _directory, Fuzzer.AllTargets);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Findings"), "*.script"))
        {
            fuzzer.Replay(Script.Decode(File.ReadAllBytes(file)));
            Assert.True(fuzzer.Findings.Count == 0, $"{file}: {string.Join('\n', fuzzer.Findings)}");
        }
    }

    [Fact]
    public void A_reader_that_trusts_a_length_is_found_and_its_script_is_kept()
    {
        var fuzzer = new Fuzzer(1, _directory, [new Trusting()]);
        fuzzer.Run(() => fuzzer.Scripts < 5_000 && fuzzer.Findings.Count == 0);
        var finding = Assert.Single(fuzzer.Findings);
        Assert.StartsWith("ArgumentOutOfRangeException", finding.What, StringComparison.Ordinal);

        var again = new Fuzzer(2, _directory, [new Trusting()]);
        again.Replay(Script.Decode(File.ReadAllBytes(finding.File)));
        Assert.Single(again.Findings); // the same place counts once
    }

    [Fact]
    public void The_same_seed_makes_the_same_scripts()
    {
        var (one, other) = (new Mutator(7), new Mutator(7));
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(one.Make(i).Script.Encode(), other.Make(i).Script.Encode());
        }

        Assert.NotEqual(one.Make(0).Script.Encode(), new Mutator(8).Make(0).Script.Encode());
    }

    [Fact]
    public void A_script_survives_its_file()
    {
        foreach (var script in Conversations.All)
        {
            Assert.Equal(script.Encode(), Script.Decode(script.Encode()).Encode());
        }

        Assert.Throws<FormatException>(() => Script.Decode([1, 0, 0, 0, 9, 1]));
        Assert.Throws<FormatException>(() => Script.Decode([3, 0, 0, 0, 0]));
        Assert.Throws<FormatException>(() => Script.Decode([1, 255, 255, 255, 255]));
    }

    [Theory]
    [InlineData("--minutes 0.5 --seed 7 --findings d", true)]
    [InlineData("--minutes 1", true)]
    [InlineData("", false)]
    [InlineData("--minutes", false)]
    [InlineData("--minutes 0", false)]
    [InlineData("--minutes x", false)]
    [InlineData("--minutes 1 --seed", false)]
    [InlineData("--minutes 1 --other 2", false)]
    public void Wrong_arguments_are_refused(string line, bool isRight) => Assert.Equal(
        isRight, FuzzOptions.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is not null);

    /// <summary>What a careless reader would do.</summary>
    private sealed class Trusting : IFuzzTarget
    {
        public string Name => "trusting";

        public void Play(Script script, Random random)
        {
            var bytes = script.Of(Side.Server).AsSpan();
            while (bytes.Length >= MessageHeader.Size)
            {
                var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
                bytes = bytes[(length + 1)..];
            }
        }
    }
}

using System.Text;

namespace Matriarch.Compatibility;

/// <summary>Messages in orders that no driver uses: each case is a session of its own, and every answer
/// counts.</summary>
public sealed class ProtocolTests(TwoSides sides)
{
    [Fact]
    public Task The_extended_protocol_in_odd_orders_is_answered_the_same() => CompareAsync("extended",
        ExtendedCases.All);

    [Fact]
    public Task Copies_calls_and_queries_in_odd_places_are_answered_the_same() => CompareAsync("mixed", MixedCases.All);

    [Fact]
    public Task Openings_of_all_kinds_are_answered_the_same() =>
        Differential.AssertSameAsync(sides, "protocol/openings", async side =>
        {
            var said = new StringBuilder();
            foreach (var (name, run) in OpeningCases.All)
            {
                await using var session = await RawSession.ConnectAsync(side);
                await run(session, side);
                said.Append("== ").Append(name).Append('\n').Append(session.TakeSaid());
            }

            return said.Append("== end\n").ToString();
        });

    private Task CompareAsync(string script, IReadOnlyDictionary<string, Func<RawSession, Task>> cases) =>
        Differential.AssertSameAsync(sides, $"protocol/{script}", async side =>
        {
            var said = new StringBuilder();
            foreach (var (name, run) in cases)
            {
                await using var session = await RawSession.LoginAsync(side);
                session.TakeSaid();
                await run(session);
                await session.Query("SELECT 'still in step'").UntilAsync('Z');
                said.Append("== ").Append(name).Append('\n').Append(session.TakeSaid());
            }

            return said.Append("== end\n").ToString();
        });
}

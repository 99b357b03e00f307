using System.Collections.Immutable;
using Matriarch.Consensus;

namespace Matriarch.Models.Tests;

/// <summary>What has been said and not been heard yet; only the trace delivers it.</summary>
internal sealed partial class Replayer
{
    // Messages under way, by what the model knows them by.
    private readonly Dictionary<(string From, string To), Message> _acks = [];
    private readonly Dictionary<int, (string By, ImmutableArray<string> Expected, Message Message)> _requests = [];
    private readonly Dictionary<(int Attempt, string From, int Boot), Message.Recruited> _answers = [];
    private readonly Dictionary<int, (string By, Message Message)> _appointments = [];

    // The attempts of coordinators: the model's number of the one that a node is at, and the code's number of each.
    private readonly Dictionary<string, int> _attemptOf = [];
    private readonly Dictionary<int, ulong> _nonces = [];

    /// <summary>Keeps what was said for when the trace delivers it; the model must have the same under way.</summary>
    private void Collect(ModelState before, ModelState after)
    {
        foreach (var node in _nodes.Values)
        {
            foreach (var (to, message) in node.Outbox)
            {
                if (message is Message.Recruited recruited)
                {
                    var attempt = _nonces.First(n => n.Value == recruited.Nonce).Key;
                    _answers.TryAdd((attempt, node.Name, after.Nodes[node.Name].Boot), recruited);
                }
                else if (message is Message.LeaseAck)
                {
                    _acks[(node.Name, to.Value)] = message;
                }
            }
        }

        foreach (var (attempt, from, boot, position, rule) in after.Answers.Where(a => !IsOwn(a.Attempt, a.From)))
        {
            var answer = _answers.GetValueOrDefault((attempt, from, boot));
            if (answer?.Position != ReplayedNode.Position(position)
                || !answer.Rule.Equals(ReplayedNode.RealRule(after, rule)))
            {
                throw Disagreement(
                    $"in the model {from} answers attempt {attempt} at {position}; in the code: {answer}");
            }
        }

        if (_answers.Count != after.Answers.Count(a => !IsOwn(a.Attempt, a.From)))
        {
            throw Disagreement("the code has answered an attempt that the model has not");
        }

        if (after.Deed is { Name: "hear" } heard)
        {
            var isAcknowledged = Acknowledgement(_nodes[heard.Node], _nodes[heard.Other]) is not null;
            var isInModel = after.Acks.Contains((heard.Node, heard.Other, after.Now));
            if (isAcknowledged != isInModel && !before.Acks.Contains((heard.Node, heard.Other, after.Now)))
            {
                throw Disagreement($"acknowledged by the code: {isAcknowledged}, by the model: {isInModel}");
            }
        }
    }

    /// <summary>A coordinator's answer to itself is no message.</summary>
    private bool IsOwn(int attempt, string from) => _requests[attempt].By == from;

    private static Message? Acknowledgement(ReplayedNode from, ReplayedNode to) =>
        from.Outbox.LastOrDefault(o => o.To == to.Id && o.Message is Message.LeaseAck).Message;
}

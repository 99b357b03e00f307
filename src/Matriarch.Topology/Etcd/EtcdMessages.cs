using System.Text.Json.Serialization;

namespace Matriarch.Topology;

/// <summary>
/// The messages of etcd's v3 API that are used here, as its JSON gateway writes them: proto names, bytes as base64,
/// 64-bit numbers as text, defaults left out.
/// </summary>
internal static class EtcdMessages
{
    internal sealed record Header(ulong ClusterId, ulong MemberId, long Revision);

    internal sealed record KeyValue(byte[]? Key, long ModRevision, byte[]? Value);

    internal sealed record RangeRequest(
        byte[] Key, byte[]? RangeEnd = null, long Limit = 0, long Revision = 0, string? SortOrder = null,
        string? SortTarget = null, bool KeysOnly = false, long MinModRevision = 0);

    internal sealed record RangeResponse(Header? Header, IReadOnlyList<KeyValue>? Kvs, bool More);

    internal sealed record PutRequest(byte[] Key, byte[] Value);

    internal sealed record DeleteRequest(byte[] Key);

    internal sealed record Compare(
        byte[] Key, string Target, string Result, byte[]? Value = null, long? CreateRevision = null);

    internal sealed record Operation(
        PutRequest? RequestPut = null, DeleteRequest? RequestDeleteRange = null, RangeRequest? RequestRange = null);

    internal sealed record TxnRequest(
        IReadOnlyList<Compare> Compare, IReadOnlyList<Operation> Success, IReadOnlyList<Operation> Failure);

    internal sealed record OperationResponse(RangeResponse? ResponseRange);

    internal sealed record TxnResponse(Header? Header, bool Succeeded, IReadOnlyList<OperationResponse>? Responses);

    internal sealed record WatchCreate(byte[] Key, byte[] RangeEnd, long StartRevision);

    internal sealed record WatchRequest(WatchCreate CreateRequest);

    internal sealed record Event(string? Type, KeyValue? Kv);

    internal sealed record WatchResponse(
        Header? Header, bool Created, bool Canceled, long CompactRevision, string? CancelReason,
        IReadOnlyList<Event>? Events);

    internal sealed record WatchLine(WatchResponse? Result, Fault? Error);

    internal sealed record AuthenticateRequest(string Name, string Password);

    internal sealed record AuthenticateResponse(string? Token);

    /// <summary>In a failed answer <c>code</c>, in a failed stream <c>grpc_code</c>: numbers of gRPC.</summary>
    internal sealed record Fault(string? Message, int Code, int GrpcCode);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(EtcdMessages.RangeRequest))]
[JsonSerializable(typeof(EtcdMessages.RangeResponse))]
[JsonSerializable(typeof(EtcdMessages.TxnRequest))]
[JsonSerializable(typeof(EtcdMessages.TxnResponse))]
[JsonSerializable(typeof(EtcdMessages.WatchRequest))]
[JsonSerializable(typeof(EtcdMessages.WatchLine))]
[JsonSerializable(typeof(EtcdMessages.AuthenticateRequest))]
[JsonSerializable(typeof(EtcdMessages.AuthenticateResponse))]
[JsonSerializable(typeof(EtcdMessages.Fault))]
internal sealed partial class EtcdJson : JsonSerializerContext;

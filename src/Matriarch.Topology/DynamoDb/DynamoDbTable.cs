using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Matriarch.Topology;

/// <summary>
/// One cluster's items in the table, which is made when it is missing. The SDK repeats nothing by itself: it would not
/// know what a repeated write means.
/// </summary>
internal sealed class DynamoDbTable : IDisposable
{
    private const int PageSize = 100;
    private static readonly TimeSpan LookAtNewTable = TimeSpan.FromMilliseconds(100);

    private readonly DynamoDbAddress _address;
    private readonly string _cluster;
    private readonly RemoteTimings _timings;
    private readonly TimeProvider _time;
    private readonly AmazonDynamoDBClient _client;

    public DynamoDbTable(DynamoDbAddress address, string cluster, RemoteTimings timings, TimeProvider time)
    {
        _address = address;
        _cluster = cluster;
        _timings = timings;
        _time = time;
        var config = new AmazonDynamoDBConfig
        {
            MaxErrorRetry = 0,
            Timeout = timings.Request,
            HttpClientFactory = new DynamoDbHttp(timings),
        };
        if (address.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = address.Region;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(address.Region);
        }

        _client = new AmazonDynamoDBClient(config);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The entry of a key, with a strongly consistent read.</summary>
    public async Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation)
    {
        var found = await CallAsync(() => _client.GetItemAsync(Get(key.Value), cancellation), cancellation);
        return DynamoDbItems.Read(found.Item)?.Entry;
    }

    /// <summary>Where the cluster stands.</summary>
    public async Task<DynamoDbItems.Head> HeadAsync(CancellationToken cancellation)
    {
        var found = await CallAsync(
            () => _client.GetItemAsync(Get(DynamoDbItems.HeadKey), cancellation), cancellation);
        return DynamoDbItems.ReadHead(found.Item);
    }

    /// <summary>Takes the next revision of the cluster, so that pollers see a change coming.</summary>
    public async Task<long> NextRevisionAsync(CancellationToken cancellation)
    {
        var request = new UpdateItemRequest
        {
            TableName = _address.Table,
            Key = DynamoDbItems.At(_cluster, DynamoDbItems.HeadKey),
            UpdateExpression = "SET #born = if_not_exists(#born, :born) ADD #revision :one",
            ExpressionAttributeNames = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["#born"] = DynamoDbItems.Born, ["#revision"] = DynamoDbItems.Revision,
            },
            ExpressionAttributeValues = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
            {
                [":born"] = DynamoDbItems.Number(VersionStamp.Next()), [":one"] = DynamoDbItems.Number(1),
            },
            ReturnValues = ReturnValue.ALL_NEW,
        };
        var updated = await CallAsync(() => _client.UpdateItemAsync(request, cancellation), cancellation);
        return DynamoDbItems.ReadHead(updated.Attributes).Revision;
    }

    /// <exception cref="ConditionalCheckFailedException">Another version is there.</exception>
    public Task PutAsync(StoreEntry entry, long revision, long expectedVersion, CancellationToken cancellation)
    {
        var item = DynamoDbItems.At(_cluster, entry.Key.Value);
        item[DynamoDbItems.Value] = new AttributeValue(entry.Value);
        item[DynamoDbItems.Version] = DynamoDbItems.Number(entry.Version);
        item[DynamoDbItems.Revision] = DynamoDbItems.Number(revision);
        var isNew = expectedVersion == 0;
        var request = new PutItemRequest
        {
            TableName = _address.Table,
            Item = item,
            ConditionExpression = isNew ? "attribute_not_exists(#key)" : "#version = :expected",
            ExpressionAttributeNames =
                isNew ? Name("#key", DynamoDbItems.Key) : Name("#version", DynamoDbItems.Version),
            ExpressionAttributeValues = isNew ? null : Expected(expectedVersion),
        };
        return _client.PutItemAsync(request, cancellation);
    }

    /// <exception cref="ConditionalCheckFailedException">Another version is there, or none.</exception>
    public Task DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation) =>
        _client.DeleteItemAsync(
            new DeleteItemRequest
            {
                TableName = _address.Table,
                Key = DynamoDbItems.At(_cluster, key.Value),
                ConditionExpression = "#version = :expected",
                ExpressionAttributeNames = Name("#version", DynamoDbItems.Version),
                ExpressionAttributeValues = Expected(expectedVersion),
            },
            cancellation);

    /// <summary>The entries of a range with their revisions, in the order of the range.</summary>
    public async Task<IReadOnlyList<(StoreEntry Entry, long Revision)>> ListAsync(
        StorePrefix prefix, ListRange range, CancellationToken cancellation)
    {
        var entries = new List<(StoreEntry, long)>();
        if (DynamoDbItems.Bounds(prefix, range) is not var (low, high))
        {
            return entries;
        }

        var limit = range.Limit > 0 ? range.Limit : int.MaxValue;
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var request = Query(low, high, from);
            request.ScanIndexForward = !range.Descending;
            request.Limit = (int)Math.Min(PageSize, (long)limit - entries.Count + 1); // one may be the bound itself
            var page = await CallAsync(() => _client.QueryAsync(request, cancellation), cancellation);
            foreach (var item in page.Items ?? [])
            {
                if (DynamoDbItems.Read(item) is { } read && read.Entry.Key != range.After && entries.Count < limit)
                {
                    entries.Add(read);
                }
            }

            from = page.LastEvaluatedKey;
        }
        while (from is { Count: > 0 } && entries.Count < limit);

        return entries;
    }

    /// <summary>Makes the table if it is missing, and waits until it can be used.</summary>
    public async Task MakeAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = _address.Table,
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions =
                    [
                        new(DynamoDbItems.Cluster, ScalarAttributeType.S),
                        new(DynamoDbItems.Key, ScalarAttributeType.S),
                    ],
                    KeySchema =
                        [new(DynamoDbItems.Cluster, KeyType.HASH), new(DynamoDbItems.Key, KeyType.RANGE)],
                },
                cancellation);
        }
        catch (ResourceInUseException)
        {
            // Somebody else makes it, or has made it.
        }

        while (true)
        {
            var found = await _client.DescribeTableAsync(_address.Table, cancellation);
            if (found.Table.TableStatus == TableStatus.ACTIVE)
            {
                return;
            }

            await Task.Delay(LookAtNewTable, _time, cancellation);
        }
    }

    private QueryRequest Query(string low, string high, Dictionary<string, AttributeValue>? from) => new()
    {
        TableName = _address.Table,
        ConsistentRead = true,
        KeyConditionExpression = "#cluster = :cluster AND #key BETWEEN :low AND :high",
        ExpressionAttributeNames = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["#cluster"] = DynamoDbItems.Cluster, ["#key"] = DynamoDbItems.Key,
        },
        ExpressionAttributeValues = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            [":cluster"] = new AttributeValue(_cluster), [":low"] = new AttributeValue(low),
            [":high"] = new AttributeValue(high),
        },
        ExclusiveStartKey = from,
    };

    private GetItemRequest Get(string key) => new()
    {
        TableName = _address.Table, Key = DynamoDbItems.At(_cluster, key), ConsistentRead = true,
    };

    // Once more after the table has been made.
    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (ResourceNotFoundException)
        {
            await MakeAsync(cancellation);
            return await call();
        }
    }

    private static Dictionary<string, string> Name(string alias, string name) =>
        new(StringComparer.Ordinal) { [alias] = name };

    private static Dictionary<string, AttributeValue> Expected(long version) =>
        new(StringComparer.Ordinal) { [":expected"] = DynamoDbItems.Number(version) };
}

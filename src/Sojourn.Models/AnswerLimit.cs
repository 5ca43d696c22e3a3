namespace Sojourn.Models;

/// <summary>Reads each answer to its end, and gives up on one that is too large before it fills the memory.</summary>
/// <param name="maxBytes">The most that an answer may hold.</param>
/// <param name="inner">What sends.</param>
internal sealed class AnswerLimit(long maxBytes, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // Long enough to be worth keeping, and short enough to notice that a name has moved.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    /// <summary>A client with this limit, which follows no redirect and leaves times to its caller.</summary>
    public static HttpClient NewClient(long maxBytes) => new(new AnswerLimit(maxBytes, new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = ConnectionLife,
    }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <exception cref="HttpRequestException">The answer is too large, or was cut.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}

using System.Net;
using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>Fetches a picture that a model has answered with an address for. The key is never sent there.</summary>
internal sealed class PictureDownload(ModelOptions options, ServerAnswer answers) : IDisposable
{
    private readonly HttpClient _http = AnswerLimit.NewClient(options.MaxPictureBytes);

    private readonly Uri _home = new(options.BaseUrl);

    /// <exception cref="ModelException">It cannot be had, or is no picture.</exception>
    public async Task<DrawnPicture> GetAsync(Uri address, CancellationToken stop)
    {
        // Whoever answers for the model chooses the address; it must not lead anywhere within this network.
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && !IsAtHome(address)))
        {
            throw new ModelException("The model's server names an address for the picture that is neither HTTPS nor "
                + "its own. Configure an ImageModel that answers with the picture itself, and retry.");
        }

        using var answer = await FetchAsync(address, stop);
        if (!answer.IsSuccessStatusCode)
        {
            var heals = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
                || (int)answer.StatusCode >= 500;
            throw new ModelException(
                $"The picture cannot be fetched from where the model's server says it is ({(int)answer.StatusCode}). "
                + "Retry later.",
                heals ? Cure.Wait : Cure.None, answers.Pause(answer.Headers.RetryAfter?.ToString()));
        }

        if (answer.Content.Headers.ContentType?.MediaType?.StartsWith("image/", StringComparison.Ordinal) != true)
        {
            throw new ModelException("Where the model's server says the picture is, there is something that is no "
                + "picture. Configure another ImageModel, and retry.");
        }

        return PictureForm.Read(await answer.Content.ReadAsByteArrayAsync(stop), options.MaxPictureBytes);
    }

    public void Dispose() => _http.Dispose();

    private bool IsAtHome(Uri address) =>
        address.Scheme == _home.Scheme && address.Authority == _home.Authority;

    private async Task<HttpResponseMessage> FetchAsync(Uri address, CancellationToken stop)
    {
        try
        {
            return await _http.GetAsync(address, stop);
        }
        catch (HttpRequestException failure)
        {
            throw ServerAnswer.Unreached(failure);
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Sojourn.Tests.EndToEnd;

/// <summary>A real Chromium, one for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(BrowserFactAttribute.Chromium))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page that shares nothing with any other.</summary>
    internal async Task<IPage> NewPageAsync(int width = 1280, ColorScheme colours = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return await context.NewPageAsync();
    }

    /// <summary>Opens a file as a reader would, and takes note of all that it does.</summary>
    internal async Task<OpenedFile> OpenAsync(string file, int width = 1280, ColorScheme colours = ColorScheme.Light)
    {
        var page = await _browser!.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = colours,
        });
        var opened = new OpenedFile(page);
        await page.GotoAsync(new Uri(file).AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        return opened;
    }
}

/// <summary>A page, and what it did since it was opened.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    // The browser tells these on a thread of its own.
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _noises = new();
    private readonly ConcurrentQueue<Task> _dismissals = new();

    public OpenedFile(IPage page)
    {
        Page = page;
        page.SetDefaultTimeout(30_000);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        page.Console += (_, message) => _noises.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _noises.Enqueue(error);
        page.Dialog += (_, dialog) =>
        {
            _noises.Enqueue($"dialog: {dialog.Message}");
            _dismissals.Enqueue(dialog.DismissAsync());
        };
    }

    public IPage Page { get; }

    /// <summary>Asked for nothing but files and what is in the page itself; said, asked and ran nothing.</summary>
    public void ShouldHaveKeptStill()
    {
        _requests.ShouldNotBeEmpty();
        _requests.ShouldAllBe(url => url.StartsWith("file:", StringComparison.Ordinal)
            || url.StartsWith("data:", StringComparison.Ordinal));
        _noises.ShouldBeEmpty();
    }

    public Task<T> AskAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_dismissals);
        await Page.CloseAsync();
    }
}

"""What in an HTML page could run or load something: what feedback must not hold."""


def acting(soup):
    """What in a page could run or load something."""
    found = [
        t.name for t in soup.find_all(["script", "iframe", "object", "embed", "form", "input"])
    ]
    found += [t.name for t in soup.find_all(["link", "base", "svg", "video", "audio"])]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            value = "".join(value).strip().lower()
            bold = (tag.name, name, value) == ("mi", "style", "font-weight: bold")  # a formula's
            if name.startswith("on") or (name == "style" and not bold):
                found.append(f"{tag.name} {name}")
            if name in ("src", "srcset", "background", "poster") and not value.startswith(
                "data:image"
            ):
                found.append(f"{tag.name} {name}={value}")
            if name == "href" and not value.startswith(("#", "http://", "https://", "mailto:")):
                found.append(f"{tag.name} {name}={value}")
    return found + [s for s in soup.body.find_all("style")]

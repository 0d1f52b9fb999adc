"""Whose each data set is, and under which licence it may be used and passed on."""

LICENCES = {
    "digits": """\
Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998. UCI Machine Learning
Repository, https://archive.ics.uci.edu/dataset/80. Licence: Creative Commons Attribution 4.0
International, https://creativecommons.org/licenses/by/4.0/. Changed: the 1797 digits of the test
part, taken from scikit-learn's copy, stored as bytes in an npz file.
""",
    "photographs": """\
"pagoda" by danielbuechele, https://www.flickr.com/photos/danielbuechele/6061409035/
"flower" by vultilion, https://www.flickr.com/photos/vultilion/6056698931/
Licence of both: Creative Commons Attribution 2.0, https://creativecommons.org/licenses/by/2.0/.
Changed: taken from scikit-learn's copies (china.jpg, flower.jpg), cropped to 4 to 3 and made
smaller, to 160 by 120 pixels.
""",
    "english": """\
The Python Language Reference, as it stands in the module pydoc_data.topics of the Python that
runs. Copyright Python Software Foundation. Licence: PSF License Agreement Version 2,
https://docs.python.org/3/license.html. Nothing of it is passed on with the course.
""",
    "mnist": """\
The MNIST database of handwritten digits, by Y. LeCun, C. Cortes and C. J. C. Burges. Yann LeCun
and Corinna Cortes hold the copyright of MNIST, which is a derivative work of databases of NIST.
Licence, as the documentation of Keras states it: Creative Commons Attribution-Share Alike 3.0,
https://creativecommons.org/licenses/by-sa/3.0/. Nothing of it is passed on with the course.
""",
    "fashion_mnist": """\
Fashion-MNIST, https://github.com/zalandoresearch/fashion-mnist. Nothing of it is passed on with
the course.

The MIT License (MIT) Copyright © 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
""",
}


def licence(name):
    """Whose the data set is, and its licence, as text.

    Parameters
    ----------
    name : str
        "digits", "photographs", "english", "mnist" or "fashion_mnist".
    """
    if name not in LICENCES:
        raise ValueError(f"licence expected one of {', '.join(LICENCES)}; got {name!r}.")
    return LICENCES[name]
